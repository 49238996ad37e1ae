package io.github.robotstream.internal.robot;

import io.github.robotstream.LossCause;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.routing.Tally;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code that polls: the newest message, and a bounded queue of all. A message counts as delivered
 * when it is here. The lock is held for a few steps only.
 */
final class InputLane extends Subscriber {
    private final int limit;
    private final OverflowPolicy policy;
    private final Tally tally;
    private final ArrayDeque<RoutedMessage> waiting = new ArrayDeque<>();
    private volatile @Nullable RoutedMessage newest;
    private boolean closed;
    private long dropped;

    InputLane(TopicFilter filter, int limit, OverflowPolicy policy, Tally tally) {
        super(filter);
        this.limit = limit;
        this.policy = policy;
        this.tally = tally;
    }

    @Override
    protected Object owner() {
        return this;
    }

    @Override
    protected synchronized void offer(RoutedMessage message) {
        if (closed) {
            tally.lost(LossCause.ENDED, 1);
            return;
        }
        tally.add(Tally.Count.DELIVERED, 1);
        newest = message;
        if (waiting.size() >= limit) {
            dropped++;
            if (policy == OverflowPolicy.DROP_NEWEST) {
                return;
            }
            waiting.remove();
        }
        waiting.add(message);
    }

    @Nullable
    RoutedMessage newest() {
        return newest;
    }

    synchronized List<RoutedMessage> drain() {
        List<RoutedMessage> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    synchronized long dropped() {
        return dropped;
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
        newest = null;
    }
}
