package io.github.robotstream;

/** How a subscription of robot code is served. Not safe for use by several threads. */
public final class SubscriptionSettings {
    private boolean retained;
    private int queueLimit = 1024;
    private OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;

    SubscriptionSettings() {}

    /**
     * Begins with the last value of each state topic, if there is one. Without this, only what is published from now on
     * is heard. Command topics have no last value.
     *
     * @return this
     */
    public SubscriptionSettings retained() {
        retained = true;
        return this;
    }

    /**
     * How many messages may wait for the listener or poller; 1,024 unless set. Their bytes are bounded too, by
     * {@link Limits#queuedBytesPerSession(int)}.
     *
     * @param messages 1 to 1,000,000
     * @return this
     */
    public SubscriptionSettings queueLimit(int messages) {
        if (messages < 1 || messages > 1_000_000) {
            throw new IllegalArgumentException("queueLimit is " + messages + ": it has to be 1 to 1,000,000");
        }
        queueLimit = messages;
        return this;
    }

    /**
     * What the full queue does with one message more; {@link OverflowPolicy#DROP_OLDEST} unless set.
     *
     * @param policy the policy
     * @return this
     */
    public SubscriptionSettings overflow(OverflowPolicy policy) {
        overflow = policy;
        return this;
    }

    boolean wantsRetained() {
        return retained;
    }

    int queueLimit() {
        return queueLimit;
    }

    OverflowPolicy overflow() {
        return overflow;
    }
}
