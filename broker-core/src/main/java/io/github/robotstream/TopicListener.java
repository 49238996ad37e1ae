package io.github.robotstream;

/**
 * Hears the values of a topic.
 *
 * <p>Thread: one of the callback executor, never two at once for one subscription, values in the order of their
 * sequence. Blocking: allowed; it delays only this subscription, whose queue is bounded. Failure: what it throws is
 * logged and counted, and the next value comes all the same.
 *
 * <pre>{@code
 * TopicListener<Twist> motors = twist -> drive(twist);
 * broker.subscribe(CMD_VEL, motors);
 * }</pre>
 *
 * @param <T> what it hears: a topic's values, or {@link Message} for subscriptions by filter
 */
@FunctionalInterface
public interface TopicListener<T> {
    /**
     * One value.
     *
     * @throws Exception whatever it likes; see above
     */
    void onMessage(T value) throws Exception;
}
