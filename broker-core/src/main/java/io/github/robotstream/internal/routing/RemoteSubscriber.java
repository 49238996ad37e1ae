package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.DeliveryNote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's subscription: its options, its share of its session's queue, what it lost, and which last values it is still to be sent.
 * One that has a name gets its messages whatever others of its session get. Broker thread.
 */
public final class RemoteSubscriber extends Subscriber {
    private final DeliveryQueue queue;
    private final Optional<String> name;
    private DeliveryOptions options;
    private boolean takesRuns;
    private @Nullable RatePacer pacer;
    /** The places of topics of which but the newest message waits. */
    private final Map<TopicState, EntryRing.Slot> slots = new HashMap<>(0);
    // Its messages in the queue: a chain of places from the first to the last.
    long first = -1;
    long last = -1;
    int queued;
    long queuedBytes;
    /** What its memory takes of the budget. */
    int charged;

    private int minSeverity;
    private long unreportedLosses;
    // Since the last message that was sent.
    private long dropped;
    private long skipped;
    /** Messages up to this one were published before last values were asked for. */
    private long retainedUpTo = -1;

    private @Nullable Replay replay;

    /**
     * A subscription that is not in the table yet.
     *
     * @param name by which its client tells it from others of the same filter
     */
    public RemoteSubscriber(TopicFilter filter, Optional<String> name, DeliveryQueue queue) {
        super(filter);
        this.name = name;
        this.queue = queue;
        this.options = queue.usual();
        this.takesRuns = true;
    }

    @Override
    protected Object owner() {
        return name.isPresent() ? this : queue;
    }

    @Override
    boolean isOf(@Nullable Object session) {
        return session == queue;
    }

    /** {@return by which its client tells it from others of the same filter} */
    public Optional<String> name() {
        return name;
    }

    DeliveryOptions options() {
        return options;
    }

    /** Puts other options in force; for the queue, which knows what waits. */
    void options(DeliveryOptions newer, int mostOfSession) {
        options = newer;
        takesRuns = newer.takesRuns(mostOfSession);
        pacer = newer.intervalNanos() > 0 ? new RatePacer(newer.intervalNanos(), mostOfSession) : null;
        slots.clear();
    }

    @Nullable
    RatePacer pacer() {
        return pacer;
    }

    boolean takesRuns() {
        return takesRuns && minSeverity == 0 && slots.isEmpty();
    }

    /** The place that a message may take of one of its topic, or null. */
    EntryRing.@Nullable Slot slotOf(RoutedMessage message) {
        return keepsNewest(message) ? slots.get(message.topic()) : null;
    }

    private boolean keepsNewest(RoutedMessage message) {
        return options.keepsNewest(message.envelope().isBinary());
    }

    /** What stands in the queue for a message. */
    Object toEntry(RoutedMessage message) {
        if (!keepsNewest(message)) {
            if (!slots.isEmpty()) {
                slots.remove(message.topic()); // what comes later is not to take a place before this one
            }
            return message;
        }
        EntryRing.Slot slot = new EntryRing.Slot(message);
        slots.put(message.topic(), slot);
        return slot;
    }

    /** An entry has left the queue. */
    void forget(@Nullable Object entry) {
        if (entry instanceof EntryRing.Slot slot) {
            slots.remove(slot.message.topic(), slot);
        }
    }

    /** How much longer its messages may be than those of others; 0 if they are the same. */
    int noteBytes() {
        return options.meta() || name.isPresent() ? DeliveryNote.MOST_BYTES : 0;
    }

    /** How long a message is as it is sent, about. */
    int frameBytes(RoutedMessage message) {
        return message.envelope().frameBytes(options.binary()) + noteBytes();
    }

    /** What its client is told beside a message that is sent now. */
    DeliveryNote note(RoutedMessage message, long startedNanos) {
        return new DeliveryNote(
                name,
                options.meta()
                        ? Optional.of(message.numbers(startedNanos, dropped, skipped, isRetained(message)))
                        : Optional.empty());
    }

    /** A message was sent, and what was told beside it. */
    void noteSent() {
        dropped = 0;
        skipped = 0;
    }

    /** Whether a message was published before its last values were asked for. */
    boolean isRetained(RoutedMessage message) {
        return message.ordinal() <= retainedUpTo;
    }

    @Override
    void missed(long messages) {
        dropped += messages;
    }

    void countSkip() {
        skipped++;
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
        dropped++;
        unreportedLosses++;
    }

    /** {@return how many messages it lost since this was asked last} */
    public long takeUnreportedLosses() {
        long losses = unreportedLosses;
        unreportedLosses = 0;
        return losses;
    }
}
