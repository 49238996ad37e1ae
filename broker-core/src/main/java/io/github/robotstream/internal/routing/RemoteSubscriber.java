package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import java.util.List;
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
    /** What its memory takes of the budget. */
    int charged;

    private int minSeverity;
    private long unreportedLosses;
    /** Messages up to this one were published before last values were asked for. */
    private long retainedUpTo = -1;

    private @Nullable Replay replay;

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
        Replay present = replay;
        if (present != null) {
            if (present.defers(message, queue)) {
                return;
            }
            present.hurry(message.topic(), queue);
        }
        queue.offer(this, message);
    }

    @Override
    void offer(MessageRun run) {
        Replay present = replay;
        if (present != null) {
            present.hurry(run.first().topic(), queue);
        }
        queue.offer(this, run);
    }

    void minSeverity(int severity) {
        minSeverity = severity;
    }

    @Override
    int leastSeverity() {
        return minSeverity;
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
        // Live messages that waited for the replay before are among the values now.
        endReplay().forEach(message -> queue.skip());
        retainedUpTo = lastOrdinal;
        replay = new Replay(this, topics, lastOrdinal);
        queue.replays(this, topics);
    }

    /** Whether a message was published before its last values were asked for. */
    boolean isRetained(RoutedMessage message) {
        return message.ordinal() <= retainedUpTo;
    }

    /** Goes on with {@link #replay}. Returns whether all was replayed. */
    boolean replayMore(TopicTable topics) {
        Replay present = replay;
        if (present != null && !present.goOn(topics, queue)) {
            return false;
        }
        replay = null;
        return true;
    }

    /** Replays nothing more; gives the live messages that have waited for that. */
    Iterable<RoutedMessage> endReplay() {
        Replay present = replay;
        replay = null;
        return present == null ? List.of() : present.end();
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

    /** {@return how many messages it lost since this was asked last} */
    public long takeUnreportedLosses() {
        long losses = unreportedLosses;
        unreportedLosses = 0;
        return losses;
    }
}
