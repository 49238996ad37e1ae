package io.github.robotstream;

/**
 * A call of a service that a {@link ServiceHandler} answers. Any thread.
 *
 * <pre>{@code
 * broker.handle("arm.home", Double.class, Boolean.class, (speed, call) -> {
 *     while (!arm.isHome() && !call.isCancelled()) {
 *         arm.stepHome(speed);
 *         call.progress(arm.angles());
 *     }
 *     return arm.isHome();
 * });
 * }</pre>
 */
public interface ServiceCall {
    /** {@return who called} */
    Sender caller();

    /**
     * Tells the client how far the call has come. Of what is told faster than the client reads it gets the newest. Waits for nobody.
     *
     * @param value what Gson writes, at most 64 KiB of JSON
     * @throws IllegalArgumentException if it has no JSON form, or is larger
     */
    void progress(Object value);

    /**
     * {@return whether nobody waits for the reply any more: the client has cancelled the call or is gone, its time is over, the client has no
     * right to it any more, or the broker is closing} A handler that takes its time asks this again and again, and returns then; what it
     * returns or throws is not sent.
     */
    boolean isCancelled();
}
