package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.DeliveryNote;
import java.util.Arrays;
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
    private static final int CAUSES = LossCause.values().length;
    private static final Share[] NO_SHARES = {};

    private final DeliveryQueue queue;
    private final Optional<String> name;
    private DeliveryOptions options;
    private boolean takesRuns;
    private int noteBytes;
    /** The places of topics of which but the newest message waits; null until there is one. */
    private @Nullable Map<TopicState, EntryRing.Slot> slots;
    /** Its messages in the queue; one share, unless topics of several priorities match. The array never changes. */
    private Share[] shares = NO_SHARES;

    /** What its memory takes of the budget. */
    int charged;

    private int minSeverity;
    /** By cause. */
    private final int[] untold = new int[CAUSES];
    // Since the last message that was sent.
    private long dropped;
    private long skipped;
    /** Messages up to this one were published before last values were asked for. */
    private long retainedUpTo = -1;
    /** Messages up to this one, of topics that were resumed, waited for older ones. */
    private long resumedUpTo = -1;

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
        this.noteBytes = mostNoteBytes();
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
        noteBytes = mostNoteBytes();
        slots = null;
    }

    /** How far apart the messages of a topic are to be sent: as it asked, or as the topic says if that is more; 0 for no matter. */
    long intervalNanos(TopicState topic) {
        return Math.max(options.intervalNanos(), topic.clientIntervalNanos());
    }

    boolean takesRuns() {
        return takesRuns && minSeverity == 0 && (slots == null || slots.isEmpty());
    }

    /** The place that a message may take of one of its topic, or null. */
    EntryRing.@Nullable Slot slotOf(RoutedMessage message) {
        return slots != null && keepsNewest(message) ? slots.get(message.topic()) : null;
    }

    private boolean keepsNewest(RoutedMessage message) {
        return options.keepsNewest(message.envelope().isBinary());
    }

    /** What stands in the queue for a message. */
    Object toEntry(RoutedMessage message) {
        if (!keepsNewest(message)) {
            forgetSlot(message.topic()); // what comes later is not to take a place before this one
            return message;
        }
        return new EntryRing.Slot(message);
    }

    /** An entry stands in the queue; where it is a place, newer messages of its topic may take it from now on. */
    void remember(Object entry) {
        if (entry instanceof EntryRing.Slot slot) {
            if (slots == null) {
                slots = new HashMap<>();
            }
            slots.put(slot.message.topic(), slot);
        }
    }

    /** A newer message of a topic stands behind its place by now: what comes next goes behind that. */
    void forgetSlot(TopicState topic) {
        if (slots != null) {
            slots.remove(topic);
        }
    }

    /** An entry has left the queue. */
    void forget(@Nullable Object entry) {
        if (entry instanceof EntryRing.Slot slot && slots != null) {
            slots.remove(slot.message.topic(), slot);
        }
    }

    /** How much longer its messages may be than those of others; 0 if they are the same. */
    int noteBytes() {
        return noteBytes;
    }

    private int mostNoteBytes() {
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
            if (present.defers(run)) {
                return;
            }
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
     * Has messages sent that were published before: at once what has room, the rest as the queue empties.
     *
     * @param lastOrdinal that of the last message that was routed: what comes later is live
     * @param resumes what to send of topics by their name, beside last values
     * @param lastValues finds the topics of which the last value is wanted
     */
    void replay(TopicTable topics, long lastOrdinal, Map<String, TopicResume> resumes, TopicScan lastValues) {
        // Live messages that waited for the replay before are among the values now.
        queue.skip(cancelReplay());
        retainedUpTo = lastOrdinal;
        replay = new Replay(this, topics, lastOrdinal, resumes, lastValues);
        queue.resumedTopics += resumes.size();
        queue.replays(this, topics);
    }

    /** Goes on with {@link #replay}. */
    Progress replayMore(TopicTable topics) {
        Replay present = replay;
        Progress progress = present == null ? Progress.DONE : present.goOn(topics, queue);
        if (progress == Progress.DONE) {
            takeReplay();
        }
        return progress;
    }

    private @Nullable Replay takeReplay() {
        Replay present = replay;
        replay = null;
        queue.resumedTopics -= present == null ? 0 : present.resumedTopics();
        return present;
    }

    /** Replays nothing more; gives the live messages that have waited for that. */
    List<RoutedMessage> endReplay() {
        Replay present = takeReplay();
        return present == null ? List.of() : present.end();
    }

    /** Its messages of a priority. */
    Share share(Priority priority) {
        for (Share share : shares) {
            if (share.priority == priority) {
                return share;
            }
        }
        Share made = new Share(this, priority);
        Share[] more = Arrays.copyOf(shares, shares.length + 1);
        more[shares.length] = made;
        shares = more;
        return made;
    }

    Share[] shares() {
        return shares;
    }

    /** How many of its messages wait. */
    int queued() {
        int sum = 0;
        for (Share share : shares) {
            sum += share.queued;
        }
        return sum;
    }

    /** Replays nothing more; returns how many live messages have waited for that. */
    long cancelReplay() {
        Replay present = takeReplay();
        return present == null ? 0 : present.cancel();
    }

    /** Takes a message that was published since the replay began and has waited for it; perhaps the store gave it back. */
    void offerResumed(RoutedMessage message) {
        if (isRetained(message)) {
            message.ordinal(retainedUpTo + 1);
        }
        resumedUpTo = Math.max(resumedUpTo, message.ordinal());
        queue.offerReplayed(this, message);
    }

    /** Whether a message is sent though newer ones have followed it for long: it was asked for, or has waited for such. */
    boolean isWantedThoughOld(RoutedMessage message) {
        return isRetained(message) || (options.maxAgeNanos() == 0 && message.ordinal() <= resumedUpTo);
    }

    /** Whether it would be well if some of its messages were sent before more come that can wait. */
    boolean isHalfFull() {
        return queued() > 0 && queued() >= options.maxQueued() / 2;
    }

    @SuppressWarnings("EnumOrdinal") // an array, as a full queue may lose where there is no memory
    void countLosses(LossCause cause, long messages) {
        dropped += messages;
        untold[cause.ordinal()] = (int) Math.min(Integer.MAX_VALUE, untold[cause.ordinal()] + messages);
    }

    /** {@return how many messages it lost by a cause since that was asked last} */
    @SuppressWarnings("EnumOrdinal")
    public long takeUntoldLosses(LossCause cause) {
        long losses = untold[cause.ordinal()];
        untold[cause.ordinal()] = 0;
        return losses;
    }
}
