package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.OverflowPolicy;

/** A queue of messages that holds so much and no more. What a full one does is decided here, for clients and robot code alike. */
public interface BoundedQueue {
    /** How much waits at the most. */
    record Bounds(int maxMessages, long maxBytes) {}

    /** Whether a message of so many bytes has no room; an empty queue has. */
    boolean isFull(int messageBytes);

    /** Loses a message that has waited longest, and counts it; false if none may be lost. */
    boolean dropOldest();

    /**
     * Makes room for a message in a full queue, as its policy says.
     *
     * @return false if the message itself is to be lost
     */
    static boolean makeRoom(BoundedQueue queue, int messageBytes, OverflowPolicy policy) {
        return switch (policy) {
            case DROP_OLDEST -> {
                while (queue.isFull(messageBytes) && queue.dropOldest()) {}
                yield !queue.isFull(messageBytes);
            }
            case DROP_NEWEST -> false;
        };
    }
}
