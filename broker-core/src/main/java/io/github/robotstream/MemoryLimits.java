package io.github.robotstream;

/**
 * What all sessions together may take of the memory. Not safe for use by several threads.
 */
public final class MemoryLimits {
    private long queuedBytes = Runtime.getRuntime().maxMemory() / 4;
    private long halfReceivedBytes = Runtime.getRuntime().maxMemory() / 16;
    private long unsentBytes = Runtime.getRuntime().maxMemory() / 4;
    private long retainedBytes = Runtime.getRuntime().maxMemory() / 8;
    private long subscriptionBytes = Runtime.getRuntime().maxMemory() / 32;

    MemoryLimits() {}

    MemoryLimits copy() {
        MemoryLimits copy = new MemoryLimits();
        copy.queuedBytes = queuedBytes;
        copy.halfReceivedBytes = halfReceivedBytes;
        copy.unsentBytes = unsentBytes;
        copy.retainedBytes = retainedBytes;
        copy.subscriptionBytes = subscriptionBytes;
        return copy;
    }

    /**
     * How many bytes of messages may wait for all sessions together; beyond it the session with most loses first. A quarter of the maximum heap unless set.
     *
     * @param value the new limit
     * @return this
     */
    public MemoryLimits queuedBytes(long value) {
        queuedBytes = Range.check("queuedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /** {@return how many bytes of messages may wait for all sessions together} */
    public long queuedBytes() {
        return queuedBytes;
    }

    /**
     * How many bytes of messages that have not come whole may be held for all connections together, and as many again of those that
     * have come whole and wait to be done. A sixteenth of the maximum heap unless set.
     *
     * @param value the new limit
     * @return this
     */
    public MemoryLimits halfReceivedBytes(long value) {
        halfReceivedBytes = Range.check("halfReceivedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /** {@return how many bytes of messages that have not come whole may be held} */
    public long halfReceivedBytes() {
        return halfReceivedBytes;
    }

    /**
     * How many bytes of messages may be on their way into the sockets of all connections together; beyond it the connections that have
     * taken nothing for longest, of most, are cut off with 1013. A quarter of the maximum heap unless set.
     *
     * @param value the new limit
     * @return this
     */
    public MemoryLimits unsentBytes(long value) {
        unsentBytes = Range.check("unsentBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /** {@return how many bytes of messages may be on their way into sockets} */
    public long unsentBytes() {
        return unsentBytes;
    }

    /**
     * How many bytes of last values are kept; beyond it the oldest values of topics that clients made are forgotten. An eighth of the
     * maximum heap unless set.
     *
     * @param value the new limit
     * @return this
     */
    public MemoryLimits retainedBytes(long value) {
        retainedBytes = Range.check("retainedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /** {@return how many bytes of last values are kept} */
    public long retainedBytes() {
        return retainedBytes;
    }

    /**
     * How many bytes the subscriptions of all clients may take, by an estimate of 400 bytes and six for each character of the filter;
     * beyond it a client is refused more, with {@code too_many_subscriptions}. The first 8 KiB of each session are free. A 32nd of the
     * maximum heap unless set.
     *
     * @param value the new limit
     * @return this
     */
    public MemoryLimits subscriptionBytes(long value) {
        subscriptionBytes = Range.check("subscriptionBytes", value, 0, Long.MAX_VALUE);
        return this;
    }

    /** {@return how many bytes the subscriptions of all clients may take} */
    public long subscriptionBytes() {
        return subscriptionBytes;
    }
}
