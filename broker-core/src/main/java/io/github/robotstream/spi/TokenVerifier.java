package io.github.robotstream.spi;

import io.github.robotstream.ClientPrincipal;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides who gets in, and who may stay with a newer token: then {@link AccessRequest#present} is who the client was, and the
 * answer is that client's new rights and end. A newer token of another subject is refused by the broker.
 *
 * <p>Thread: several at once, from a small pool of the broker. Blocking: allowed within the broker's time limit for
 * getting in (5 s), after which the client is told to come back later and the result is thrown away; sessions that are
 * open never wait for it. Failure: {@link TokenRejectedException} refuses the client (4401), {@link IOException} says that
 * the token could not be judged and the client should keep it and come back (1013); anything else it throws is logged
 * and treated like the latter.
 *
 * <pre>{@code
 * TokenVerifier badges = request -> {
 *     String badge = request.token().orElseThrow(() -> new TokenRejectedException(Reason.TOKEN_MISSING, "show your badge"));
 *     if (!badge.equals("4711")) {
 *         throw new TokenRejectedException(Reason.TOKEN_INVALID, "this badge is not known here");
 *     }
 *     return ClientPrincipal.of("the night watch", Permissions.none().subscribe("#"));
 * };
 * }</pre>
 */
@FunctionalInterface
public interface TokenVerifier {
    /**
     * Verifies one client.
     *
     * @param request what the client came with
     * @return who it is and what it may do
     * @throws TokenRejectedException if it must not get in
     * @throws IOException if that cannot be told now, for instance because an identity provider is down; its text is for the log
     *     sink, clients are told none of it
     */
    ClientPrincipal verify(AccessRequest request) throws TokenRejectedException, IOException;

    /**
     * Tells whether {@link #verify} may wait for something. One that never does is called without a pool for those who want to
     * get in.
     *
     * @return true unless overridden
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * This verifier, for one broker. A broker asks once while it starts, before its port opens, and then uses the answer
     * only; a verifier may serve several brokers. Must not block.
     *
     * @param name what the program called the broker, or empty if it did not: a default name is no identity
     * @param log takes entries for the broker's log, not the client, as the broker's own and without any part of a token or key; never blocks
     *     and never throws. For any thread
     * @return this verifier or one made from it; this one unless overridden
     * @throws IllegalStateException if it cannot judge for that broker, with the remedy: the broker does not start
     */
    default TokenVerifier forBroker(Optional<String> name, Consumer<LogEntry.Builder> log) {
        return this;
    }
}
