package io.github.robotstream.internal.robot;

import io.github.robotstream.LossCause;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.BoundedQueue;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Subscriber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code that polls: the newest message, and a bounded queue of all. A message counts as delivered
 * when it is here; what the queue loses is no loss to those who ask for the newest only. The lock is held for a few steps
 * only.
 */
final class InputSubscriber extends Subscriber {
    private final Counters counters;
    private final LocalQueue queue;
    private volatile @Nullable RoutedMessage newest;
    private boolean closed;

    InputSubscriber(TopicFilter filter, BoundedQueue.Bounds bounds, Counters counters) {
        super(filter);
        this.queue = new LocalQueue(bounds);
        this.counters = counters;
    }

    @Override
    protected Object owner() {
        return this;
    }

    @Override
    protected synchronized void offer(RoutedMessage message) {
        if (closed) {
            counters.lost(LossCause.ENDED, 1);
            return;
        }
        counters.add(Counters.Count.DELIVERED, 1);
        newest = message;
        queue.add(message);
    }

    @Nullable
    RoutedMessage newest() {
        return newest;
    }

    synchronized List<RoutedMessage> drain() {
        return queue.takeAll();
    }

    synchronized long dropped() {
        return queue.lost();
    }

    /** Forgets everything. Returns whether it was open. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        queue.clear();
        newest = null;
        return first;
    }
}
