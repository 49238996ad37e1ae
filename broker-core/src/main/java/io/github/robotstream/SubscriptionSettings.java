package io.github.robotstream;

import java.util.Objects;

/** Sets how a subscription of robot code is served. Not safe for use by several threads. */
public final class SubscriptionSettings {
    boolean retained;
    int queueLimit = 1024;
    OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;

    SubscriptionSettings() {}

    /**
     * Begins with the last value of each state topic, if there is one. Without this, only what is published from now on
     * is heard. Command topics have no last value.
     */
    public SubscriptionSettings retained() {
        retained = true;
        return this;
    }

    /**
     * How many messages may wait for the listener or poller, 1 to 1,000,000; 1,024 unless set. Their bytes are bounded too, by
     * {@link Limits#queuedBytesPerSession}.
     */
    public SubscriptionSettings queueLimit(int messages) {
        queueLimit = (int) Range.check("queueLimit", messages, 1, 1_000_000);
        return this;
    }

    /** What the full queue does with one message more; {@link OverflowPolicy#DROP_OLDEST} unless set. */
    public SubscriptionSettings overflow(OverflowPolicy policy) {
        overflow = Objects.requireNonNull(policy, "overflow");
        return this;
    }
}
