package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.OverflowPolicy;

/**
 * What becomes of the messages of one client's subscription. Times are of the monotonic clock.
 *
 * @param policy what becomes of those that wait
 * @param maxQueued how many may wait
 * @param overflow which gives way where there is no room
 * @param intervalNanos between two messages of a topic at least; 0 for none
 * @param maxAgeNanos what is older when it could be sent is lost, in the place of {@code thinAfterNanos}; 0 for no limit
 * @param thinAfterNanos what has waited longer and was followed by a newer value of its topic is lost; 0 for no limit
 * @param newestOfBinary whether of a topic's binary messages but the newest waits, as they are of more use fresh than all
 * @param meta whether messages are sent with their numbers and times
 * @param binary whether bytes are sent as bytes, and not as a text
 */
public record DeliveryOptions(
        Policy policy,
        int maxQueued,
        OverflowPolicy overflow,
        long intervalNanos,
        long maxAgeNanos,
        long thinAfterNanos,
        boolean newestOfBinary,
        boolean meta,
        boolean binary) {

    /** What becomes of messages that wait. */
    public enum Policy {
        /** They wait in order. */
        QUEUE,
        /** A newer one of the same topic takes the place of the one that waits. */
        LATEST,
        /** They wait in order, and what has no room ends the session. */
        RELIABLE
    }

    /** {@return those of a client that says nothing} */
    public static DeliveryOptions usual(BoundedQueue.Bounds bounds, long thinAfterNanos) {
        return new DeliveryOptions(
                Policy.QUEUE,
                bounds.maxMessages(),
                OverflowPolicy.DROP_OLDEST,
                0,
                0,
                thinAfterNanos,
                true,
                false,
                false);
    }

    /** {@return up to which age a message is sent whatever has happened} */
    long patienceNanos() {
        long limit = maxAgeNanos > 0 ? maxAgeNanos : thinAfterNanos;
        return limit > 0 ? limit : Long.MAX_VALUE;
    }

    /** Whether of a topic but the newest of such messages waits. */
    boolean keepsNewest(boolean ofBinary) {
        return policy == Policy.LATEST || (ofBinary && newestOfBinary);
    }

    /** Whether messages that come together may wait as one, if they are not binary. */
    boolean takesRuns(int mostOfSession) {
        return policy != Policy.LATEST && intervalNanos == 0 && maxQueued >= mostOfSession;
    }
}
