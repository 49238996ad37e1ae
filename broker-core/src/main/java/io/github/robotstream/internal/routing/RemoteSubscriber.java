package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;

/**
 * A client's subscription: its share of its session's queue, what it lost, and which last values it is still to be sent.
 * Broker thread.
 */
public final class RemoteSubscriber extends Subscriber {
    private static final int TOPICS_A_LOOK = 512;

    private final DeliveryQueue queue;
    // Its messages in the queue: a chain of places from the first to the last.
    long first = -1;
    long last = -1;
    int queued;
    long queuedBytes;
    private int minSeverity;
    private long unreportedLosses;
    // The topics whose last value it is still to be sent: those in these slots, if the value is that old.
    private int replayFrom;
    private int replayEnd;
    private long replayUpTo;

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
        replayBefore(message.topic());
        queue.offer(this, message);
    }

    @Override
    void offer(MessageRun run) {
        replayBefore(run.first().topic());
        if (minSeverity > 0 || !queue.offer(this, run)) {
            super.offer(run); // by the policy of a full queue
        }
    }

    private void replayBefore(TopicState topic) {
        if (topic.slot >= replayFrom && topic.slot < replayEnd) {
            // Its turn to be replayed has not come: the value that stood before this message goes first.
            offerRetained(topic);
        }
    }

    /** Leaves out log entries that are less grave. */
    public void minSeverity(int severity) {
        minSeverity = severity;
    }

    boolean wants(RoutedMessage message) {
        return minSeverity == 0 || message.severity() == 0 || message.severity() >= minSeverity;
    }

    /**
     * Has the last values of its topics sent: at once what has room, the rest as the queue empties.
     *
     * @param lastOrdinal that of the last message that was routed: what comes later is live
     */
    void replay(TopicTable topics, long lastOrdinal) {
        replayUpTo = lastOrdinal;
        replayFrom = 0;
        replayEnd = topics.slots();
        if (filter().isExact()) {
            TopicState only = topics.find(filter().toString());
            replayFrom = only == null || only.slot < 0 ? replayEnd : only.slot;
            replayEnd = Math.min(replayEnd, replayFrom + 1);
        }
        if (!replayMore(topics)) {
            queue.replaysLater(this);
        }
    }

    /**
     * Goes on with {@link #replay}.
     *
     * @return whether all was replayed
     */
    boolean replayMore(TopicTable topics) {
        for (int looks = 0; replayFrom < replayEnd; looks++) {
            if (looks == TOPICS_A_LOOK || !queue.hasRoomToReplay()) {
                return false;
            }
            TopicState topic = topics.bySlot(replayFrom);
            replayFrom++;
            if (topic != null && filter().matches(topic.name())) {
                offerRetained(topic);
            }
        }
        return true;
    }

    private void offerRetained(TopicState topic) {
        RoutedMessage latest = topic.latest();
        if (latest != null && latest.ordinal() <= replayUpTo) {
            for (RoutedMessage message : topic.toReplay()) {
                queue.offerRetained(this, message);
            }
        }
    }

    /** A message of so many bytes is another's from now on. */
    void give(RemoteSubscriber heir, int size) {
        queued--;
        queuedBytes -= size;
        heir.queued++;
        heir.queuedBytes += size;
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
