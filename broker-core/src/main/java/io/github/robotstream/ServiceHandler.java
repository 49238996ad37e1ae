package io.github.robotstream;

import org.jspecify.annotations.Nullable;

/**
 * Does what clients ask a service for, and answers.
 *
 * <p>Thread: one of the callback executor, never two at once for one service, calls in the order in which they came. Blocking: allowed; it
 * delays only the calls of this service, of which a bounded number waits. Failure: what it throws is logged and counted, the client is told
 * {@code call_failed} without its text, and the next call comes all the same. What the client is to know of a refusal belongs in the reply.
 *
 * <pre>{@code
 * record Home(double speed) {}
 * record Homed(boolean done, double seconds) {}
 *
 * broker.handle("arm.home", Home.class, Homed.class, (home, call) -> {
 *     while (!arm.isHome() && !call.isCancelled()) {
 *         arm.stepHome(home.speed());
 *         call.progress(arm.angles());
 *     }
 *     return new Homed(arm.isHome(), arm.seconds());
 * });
 * }</pre>
 *
 * @param <Q> the Java type of requests
 * @param <A> the Java type of replies
 */
@FunctionalInterface
public interface ServiceHandler<Q, A> {
    /**
     * One call.
     *
     * @param request what the client sent
     * @param call who asks, and whether it still waits
     * @return the reply; null is {@code null} for the client
     * @throws Exception whatever it likes; see above
     */
    @Nullable
    A handle(Q request, ServiceCall call) throws Exception;
}
