package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Auth;
import java.util.function.Consumer;

/** Has the newer tokens of one session judged. Holds none itself. */
@FunctionalInterface
interface TokenJudge {
    /**
     * Begins, and returns at once; broker thread.
     *
     * @param present who the session's client is by the token it has
     * @param onVerdict told once, on any thread: {@link Incoming.Renewed} or {@link Incoming.NotRenewed}
     */
    void begin(Auth request, ClientPrincipal present, Consumer<Incoming> onVerdict);
}
