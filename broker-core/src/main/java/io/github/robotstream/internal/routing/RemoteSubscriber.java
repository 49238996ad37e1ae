package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.DeliveryNote;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import java.util.ArrayList;
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
    /** Its messages in the queue; one share, unless topics of several priorities match. */
    private final List<Share> shares = new ArrayList<>(1);

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
        return takesRuns && minSeverity == 0;
    }

    /** The place that a topic's message may take, or null. */
    EntryRing.@Nullable Slot slotOf(TopicState topic) {
        return options.policy() == Policy.LATEST ? slots.get(topic) : null;
    }

    /** What stands in the queue for a message. */
    Object toEntry(RoutedMessage message) {
        if (options.policy() != Policy.LATEST) {
            return message;
        }
        EntryRing.Slot slot = new EntryRing.Slot(message);
        slots.put(message.topic(), slot);
        return slot;
    }

    /** A newer message of a topic stands behind its place by now: what comes next goes behind that. */
    void forgetSlot(TopicState topic) {
        slots.remove(topic);
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

    /** Its messages of a priority. */
    Share share(Priority priority) {
        for (int i = 0; i < shares.size(); i++) {
            if (shares.get(i).priority == priority) {
                return shares.get(i);
            }
        }
        Share made = new Share(this, priority);
        shares.add(made);
        return made;
    }

    List<Share> shares() {
        return shares;
    }

    /** How many of its messages wait. */
    int queued() {
        int sum = 0;
        for (int i = 0; i < shares.size(); i++) {
            sum += shares.get(i).queued;
        }
        return sum;
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
