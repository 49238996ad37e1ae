package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.RequestError;
import java.util.Optional;

/** Has the newer tokens of one session judged. Holds none itself. */
@FunctionalInterface
public interface TokenJudge {
    /** Who is told the verdict, once, on any thread. */
    interface Listener {
        /** The token is taken, and the session's client is this one from now on. */
        void renewed(ClientPrincipal principal);

        /** The token is not taken, and the session stays as it was; {@code detail} is for the robot's own people alone. */
        void notRenewed(RequestError error, Optional<String> detail);
    }

    /**
     * Begins, and returns at once; broker thread.
     *
     * @param present who the session's client is by the token it has
     */
    void begin(Auth request, ClientPrincipal present, Listener listener);
}
