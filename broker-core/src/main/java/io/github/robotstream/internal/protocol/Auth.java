package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** {@code {"action":"auth","token":…}}: a newer token for the session. Holds a secret, which its text does not show. */
public record Auth(Optional<RequestId> id, String token) implements Request {
    /** As long as a token may be that comes with the request to get in. */
    static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

    static Auth read(RequestFields fields) throws RequestRejectedException {
        return new Auth(fields.id(), fields.secret("token", MAX_TOKEN_CHARACTERS));
    }

    @Override
    public Action action() {
        return Action.AUTH;
    }

    @Override
    public void carryOut(Action.Handler by, long arrivedNanos) {
        by.auth(this);
    }

    @Override
    public String toString() {
        return "Auth[id=" + id + "]";
    }
}
