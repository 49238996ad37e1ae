package io.github.robotstream;

/**
 * A subscription of robot code. Safe for use by several threads.
 *
 * <pre>{@code
 * Subscription heard = broker.subscribe(BATTERY, volts -> display.show(volts + " V"));
 * display.show(heard.dropped() + " values came too fast");
 * heard.close();
 * }</pre>
 */
public interface Subscription extends AutoCloseable {
    /** What is subscribed to; for one topic its name. */
    TopicFilter filter();

    /** How many messages its queue has lost since it began: for want of room as the listener was behind, or for their age. */
    long dropped();

    /**
     * How many messages were left out since it began, as its settings ask: {@link SubscriptionSettings#rateHz}, or
     * {@link SubscriptionSettings#latest} while the listener keeps up. That is no loss.
     */
    long skipped();

    /** Ends it: no call to the listener begins after this returns. A call that is under way goes on. Idempotent. */
    @Override
    void close();
}
