package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;

/** Bounds the memory of all clients' subscriptions; a few of each session are free, whatever others hold. Broker thread. */
final class SubscriptionBudget {
    /** What a session may have beside the budget: about fifteen subscriptions of usual length. */
    private static final int FREE_BYTES = 8 * 1024;
    /** Objects and array slots of one subscription and its two nodes, without characters. */
    private static final int BYTES_EACH = 464;
    /** The filter's text, and at most as much again for each of two nodes, at two bytes a character. */
    private static final int BYTES_A_CHARACTER = 6;

    private final long maxBytes;
    private long bytes;

    SubscriptionBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    static int bytesOf(TopicFilter filter) {
        return BYTES_EACH + BYTES_A_CHARACTER * filter.toString().length();
    }

    boolean take(RemoteSubscriber subscription) {
        int size = bytesOf(subscription.filter());
        DeliveryQueue queue = subscription.queue();
        if (queue.freeBytes + size <= FREE_BYTES) {
            queue.freeBytes += size;
            return true;
        }
        if (bytes + size > maxBytes) {
            return false;
        }
        bytes += size;
        subscription.charged = size;
        return true;
    }

    void give(RemoteSubscriber subscription) {
        if (subscription.charged == 0) {
            subscription.queue().freeBytes -= bytesOf(subscription.filter());
        }
        bytes -= subscription.charged;
        subscription.charged = 0;
    }
}
