package io.github.robotstream;

/** A subscription of robot code. Safe for use by several threads. */
public interface Subscription extends AutoCloseable {
    /**
     * What is subscribed to.
     *
     * @return the filter; for one topic its name
     */
    TopicFilter filter();

    /**
     * How many messages its queue lost because the listener was behind.
     *
     * @return the count since the subscription began
     */
    long dropped();

    /** Ends it: no call to the listener begins after this returns. A call that is under way goes on. Idempotent. */
    @Override
    void close();
}
