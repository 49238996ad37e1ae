package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** {@code {"action":"hello"}}: the client understands more than the documented frames, and asks what it is talking to. */
public record Hello(Optional<RequestId> id) implements Request {
    static Hello read(RequestFields fields) {
        return new Hello(fields.id());
    }

    @Override
    public Action action() {
        return Action.HELLO;
    }

    @Override
    public void carryOut(Action.Handler by, long arrivedNanos) {
        by.hello(this);
    }
}
