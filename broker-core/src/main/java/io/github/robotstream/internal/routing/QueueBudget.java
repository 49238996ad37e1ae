package io.github.robotstream.internal.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds what waits for all sessions together; broker thread. Where it is too much, the session with most bytes loses first,
 * so that one who keeps up is never hurt by those who do not. A message that waits for many counts for each of them.
 */
public final class QueueBudget {
    private final long maxBytes;
    private final List<DeliveryQueue> queues = new ArrayList<>();
    private long bytes;

    /** An empty budget. */
    public QueueBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void join(DeliveryQueue queue) {
        queues.add(queue);
    }

    void leave(DeliveryQueue queue) {
        queues.remove(queue);
    }

    void freed(long count) {
        bytes -= count;
    }

    /** Counts bytes in. Sheds some more than it must, so that the search for the largest queue is rare. */
    void taken(long count) {
        bytes += count;
        if (bytes > maxBytes) {
            long target = maxBytes - maxBytes / 16;
            while (bytes > target && largest().shedHalf()) {}
        }
    }

    private DeliveryQueue largest() {
        DeliveryQueue largest = queues.get(0);
        for (DeliveryQueue queue : queues) {
            if (queue.bytes() > largest.bytes()) {
                largest = queue;
            }
        }
        return largest;
    }
}
