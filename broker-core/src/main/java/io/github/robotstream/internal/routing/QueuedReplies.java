package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.transport.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a {@link DeliveryQueue}: how many wait, and which of them may pass what the connection has not written yet. They are never
 * lost, and counted in the budget. A reply passes no other reply, and no message passes a reply that is to come before it. Broker thread.
 */
final class QueuedReplies {
    private final QueueBudget budget;
    private int count;
    private int bytes;
    /** Whether a reply that others pass may not have left the connection. */
    private boolean unwritten;
    /** Whether one that passes messages had to go behind such a reply: what follows it passes nothing either. */
    private boolean keepsOrder;

    private record Urgent(OutboundMessage message) {}

    QueuedReplies(QueueBudget budget) {
        this.budget = budget;
    }

    /**
     * {@return what stands for a reply in the queue}
     *
     * @param isUrgent whether it has to come before messages of the highest priority
     */
    static Object entry(OutboundMessage message, boolean isUrgent) {
        return isUrgent ? new Urgent(message) : message;
    }

    /** {@return the reply that an entry stands for} */
    static OutboundMessage messageOf(@Nullable Object entry) {
        if (entry instanceof Urgent urgent) {
            return urgent.message();
        }
        if (entry instanceof OutboundMessage message) {
            return message;
        }
        throw new AssertionError("an entry that is no reply");
    }

    /** Counts one in that stands in the queue. */
    void queued(Object entry) {
        count++;
        makes(messageOf(entry).length());
    }

    /** Counts bytes in of one that is being made, or out again if negative. */
    void makes(int size) {
        bytes += size;
        budget.add(size);
    }

    /** Counts one out that has left for the connection. */
    void left(@Nullable Object entry) {
        int size = messageOf(entry).length();
        unwritten |= !(entry instanceof Urgent);
        count--;
        bytes -= size;
        budget.freed(size);
    }

    /**
     * Whether an entry of the highest priority, which is to be sent next, goes before what was sent and is not written yet.
     *
     * @param isReply or a message
     */
    boolean letsPass(@Nullable Object entry, boolean isReply) {
        keepsOrder |= unwritten && entry instanceof Urgent;
        return !keepsOrder && (!isReply || entry instanceof Urgent);
    }

    /** Whether {@link #allWritten} is to be told. */
    boolean areUnwritten() {
        return unwritten;
    }

    /** The connection has written all that was sent before. */
    void allWritten() {
        unwritten = false;
        keepsOrder = false;
    }

    /** {@return how many wait} */
    int count() {
        return count;
    }

    /** {@return how many bytes of them wait or are being made} */
    int bytes() {
        return bytes;
    }

    /** What waits is not sent any more. */
    void end() {
        budget.freed(bytes);
        bytes = 0;
        count = 0;
    }
}
