package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A client's subscription: its share of its session's queue, what it lost, and which last values it is still to be sent.
 * Broker thread.
 */
public final class RemoteSubscriber extends Subscriber {
    private final DeliveryQueue queue;
    // Its messages in the queue: a chain of places from the first to the last.
    long first = -1;
    long last = -1;
    int queued;
    long queuedBytes;
    private int minSeverity;
    private long unreportedLosses;
    private @Nullable BitSet toReplay;

    /** A subscription that is not in the table yet. */
    public RemoteSubscriber(TopicFilter filter, DeliveryQueue queue) {
        super(filter);
        this.queue = queue;
    }

    @Override
    protected Object owner() {
        return queue;
    }

    DeliveryQueue queue() {
        return queue;
    }

    @Override
    protected void offer(RoutedMessage message) {
        TopicState topic = message.topic();
        if (toReplay != null && topic.slot >= 0 && toReplay.get(topic.slot)) {
            // Its turn to be replayed had not come: the value that stood before this message goes first.
            toReplay.clear(topic.slot);
            offerRetained(topic);
        }
        queue.offer(this, message);
    }

    /** Leaves out log entries that are less grave. */
    public void minSeverity(int severity) {
        minSeverity = severity;
    }

    boolean wants(RoutedMessage message) {
        return minSeverity == 0 || message.severity() == 0 || message.severity() >= minSeverity;
    }

    /** At once what has room, the rest as the queue empties. */
    @Override
    protected void replay(Iterable<TopicState> topics, Tally tally) {
        BitSet later = null;
        for (TopicState topic : topics) {
            if (topic.latest() != null && filter().matches(topic.name())) {
                if (later == null && queue.hasRoomToReplay()) {
                    offerRetained(topic);
                } else {
                    later = later == null ? new BitSet() : later;
                    later.set(topic.slot);
                }
            }
        }
        toReplay = later;
        if (later != null) {
            queue.replaysLater(this);
        }
    }

    /**
     * Goes on with {@link #replay}.
     *
     * @return whether all was replayed
     */
    boolean replayMore(TopicTable topics) {
        BitSet rest = toReplay;
        if (rest == null) {
            return true;
        }
        for (int slot = rest.nextSetBit(0); slot >= 0 && queue.hasRoomToReplay(); slot = rest.nextSetBit(slot + 1)) {
            rest.clear(slot);
            TopicState topic = topics.bySlot(slot);
            if (topic != null) {
                offerRetained(topic);
            }
        }
        if (rest.isEmpty()) {
            toReplay = null;
            return true;
        }
        return false;
    }

    private void offerRetained(TopicState topic) {
        for (RoutedMessage message : topic.toReplay()) {
            queue.offerRetained(this, message);
        }
    }

    void countLoss() {
        unreportedLosses++;
    }

    /** How many messages it lost since this was asked last. */
    public long takeUnreportedLosses() {
        long losses = unreportedLosses;
        unreportedLosses = 0;
        return losses;
    }
}
