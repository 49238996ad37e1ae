package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one session, in order: messages of its subscriptions, and replies to its requests. Any thread makes one, all
 * else is the broker thread's.
 *
 * <p>Messages are bounded by count and bytes. A full queue loses, by its policy, the new message, or one of the subscription that has most
 * bytes in it: the oldest value that a newer one of its topic has followed. So a busy topic does not push out a quiet one. A subscription may bound its own share, keep but the
 * newest of each topic, or end the session rather than lose, see {@link DeliveryOptions}. Replies are never lost; the session
 * takes no request while many wait. What is lost is counted with its subscription.
 *
 * <p>What is too old when it could be sent is lost as well: by default a value of a state topic that was followed by a newer one.
 *
 * <p>The order is in {@link EntryRing}; {@link Eviction} says what gives way, {@link MessageExpiry} takes out what is too old,
 * {@link HeldMessages} has what waits for its rate, and {@link QueuedReplies} counts replies and says what passes them.
 */
public final class DeliveryQueue implements BoundedQueue, QueueBudget.Member {
    /** The largest frame that a client is sent unless it says otherwise: others would end their connection with 1009. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    private static final int NOTHING = -1;
    private static final int PRIORITIES = Priority.values().length;
    private static final int HIGHEST = 0;
    /** So many subscriptions are asked for a place or a message that is held in the time of a look. */
    private static final int OTHERS_A_LOOK = 32;
    /** What takes longer is no round trip. */
    private static final long ROUND_TRIP_NANOS = 1_000_000_000;
    /** Of all queues without a replay that goes on; nothing is put in. */
    private static final ArrayDeque<RemoteSubscriber> NONE_REPLAYS = new ArrayDeque<>(0);

    private final Dialect dialect;
    private final Context context;
    private final int maxMessages;
    private final long maxBytes;
    private final QueueBudget budget;
    private final Counters counters;
    private Listener listener;
    /**
     * By priority, the highest first; replies are of that. Most sessions need but one or two. An array, as each message is looked up by it several
     * times.
     */
    private final @Nullable EntryRing[] rings = new @Nullable EntryRing[PRIORITIES];

    /** That of what {@link #peek} gave. */
    private @Nullable EntryRing peeked;

    /** Of the message that is to have room: none of a higher priority gives way to it. */
    private Priority incoming = Priority.NORMAL;

    private final List<RemoteSubscriber> subscriptions = new ArrayList<>(1);
    private ArrayDeque<RemoteSubscriber> replaying = NONE_REPLAYS;
    final HeldMessages<RemoteSubscriber> held;
    private final QueuedReplies replies;
    private final MessageExpiry expiry;

    private final Work work = new Work();
    /** What the memory of its subscriptions takes beside the budget, see {@link SubscriptionBudget}. */
    int freeBytes;

    /** The largest frame that the client takes. */
    private int maxFrameBytes;
    /** The largest message that is taken; after the end none is. */
    private long largest;

    // Written by the broker thread alone; a snapshot may read them a little late.
    private int messages;
    private int bytes;
    private int urgentMessages;

    private boolean moves;
    /** Whether the store is asked for one of its subscriptions. */
    boolean readsStore;
    /** Of how many topics its client has not been sent yet all that it has missed. */
    int resumedTopics;

    /** Whether {@link #conflates} is to be found out: subscriptions or their options have changed. */
    private boolean subscriptionsChanged;

    private boolean conflates;

    private boolean stalled;
    private boolean stalledForNow;
    private int ends; // of subscriptions whose messages have not gone to others yet
    private long nowNanos; // at the beginning of this flush
    // In this flush.
    private int gone; // messages
    private int goneBytes; // of messages and replies
    private long goneArrived; // when the first of them came in that is no last value, or NO_STAMP
    /** What is sent of the first message, while nothing changes that is told with it. */
    private @Nullable OutboundMessage prepared;

    /**
     * What the queues of a broker's sessions share.
     *
     * @param startedNanos when the broker started, on the monotonic clock
     * @param usual what is in effect for clients that say nothing
     */
    public record Context(
            Bounds bounds,
            QueueBudget budget,
            Counters counters,
            BrokerClock clock,
            long startedNanos,
            DeliveryOptions usual) {
        /** @param thinAfterNanos see {@link DeliveryOptions}, for clients that say nothing */
        public Context(
                Bounds bounds,
                QueueBudget budget,
                Counters counters,
                BrokerClock clock,
                long startedNanos,
                long thinAfterNanos) {
            this(bounds, budget, counters, clock, startedNanos, DeliveryOptions.usual(bounds, thinAfterNanos));
        }
    }

    /** What a queue's owner is told. Broker thread. */
    public interface Listener {
        /** A message waits, or last values are still to be queued. */
        void messageWaits();

        /** Messages are lost; the losses wait with their subscriptions. */
        void messagesLost(long count);

        /** A message is held until then, on the monotonic clock; {@link #beginFlush} gives it free. */
        void messageDue(long nanos);

        /** A subscription that must not lose has no room. */
        void tooSlow();

        /** Hears nothing. */
        Listener NONE = new Listener() {
            @Override
            public void messageWaits() {}

            @Override
            public void messagesLost(long count) {}

            @Override
            public void messageDue(long nanos) {}

            @Override
            public void tooSlow() {}
        };
    }

    /**
     * An empty queue; any thread.
     *
     * @param dialect says what is sent of a message, at the moment when it is sent
     */
    public DeliveryQueue(Dialect dialect, Context context, Listener listener) {
        this.dialect = dialect;
        this.context = context;
        this.maxMessages = context.bounds().maxMessages();
        this.maxBytes = context.bounds().maxBytes();
        this.maxFrameBytes = MAX_FRAME_BYTES;
        this.largest = Math.min(maxFrameBytes, maxBytes);
        this.budget = context.budget();
        this.held = new HeldMessages<>(maxMessages, maxBytes, budget);
        this.replies = new QueuedReplies(budget);
        this.expiry = new MessageExpiry((share, message) -> dropped(share, message, LossCause.TOO_OLD));
        this.counters = context.counters();
        this.listener = listener;
    }

    /** {@return what is in effect for subscriptions that say nothing} */
    public DeliveryOptions usual() {
        return context.usual();
    }

    /** The client takes frames of so many bytes; what waits already is sent. */
    public void maxFrameBytes(int value) {
        maxFrameBytes = value;
        largest = hasEnded() ? NOTHING : Math.min(value, maxBytes);
    }

    /** {@return the largest frame that the client takes} */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    void add(RemoteSubscriber subscription) {
        if (subscriptions.isEmpty()) {
            // Not when it is made, which is done on the thread that lets the client in.
            budget.join(this);
        }
        subscriptions.add(subscription);
        subscriptionsChanged = true;
    }

    /** Puts in what subscriptions without a name hold back of a topic: its next messages go to another, and are not to come first. */
    void releaseHeld(TopicState topic) {
        for (RemoteSubscriber subscription : held.subscriptions()) {
            if (subscription.name().isEmpty()) {
                releaseHeld(subscription, topic);
            }
        }
    }

    private void releaseHeld(RemoteSubscriber subscription, TopicState topic) {
        release(subscription, held.take(subscription, topic, context.clock().nanoTime()));
    }

    /** Puts in what a subscription holds back, earlier than it should. */
    void releaseHeld(RemoteSubscriber subscription) {
        while (releaseNext(subscription, context.clock().nanoTime())) {}
    }

    /** What the session has the broker thread do. */
    public Work work() {
        return work;
    }

    /** The topics of a subscription's messages that wait. */
    Set<TopicState> topicsOf(RemoteSubscriber subscription) {
        Set<TopicState> topics = new HashSet<>();
        for (Share share : subscription.shares()) {
            topics.addAll(ring(share.priority).topicsOf(share));
        }
        return topics;
    }

    @SuppressWarnings("EnumOrdinal")
    private EntryRing ring(Priority priority) {
        EntryRing ring = rings[priority.ordinal()];
        if (ring == null) {
            ring = new EntryRing();
            rings[priority.ordinal()] = ring;
        }
        return ring;
    }

    /** A subscription is about to be taken out, by {@link #remove(RemoteSubscriber, Map)}: its topics' next messages come to others. */
    void ends() {
        ends++;
    }

    /** Takes a subscription out; its messages go to those that want them. Returns how many were lost with it. */
    int remove(RemoteSubscriber subscription, Map<TopicState, RemoteSubscriber> heirs) {
        ends--;
        if (!heirs.isEmpty()) {
            prepared = null;
            for (Share share : subscription.shares()) {
                ring(share.priority).giveAway(share, message -> heir(share, message, heirs));
            }
        }
        int lost = subscription.queued();
        remove(subscription);
        return lost;
    }

    private static @Nullable Share heir(Share former, RoutedMessage message, Map<TopicState, RemoteSubscriber> heirs) {
        RemoteSubscriber heir = heirs.get(message.topic());
        if (heir == null || !heir.wants(message)) {
            return null;
        }
        int size = message.envelope().size();
        former.count(-1, -size);
        heir.share(former.priority).count(1, size);
        heir.forgetSlot(message.topic());
        return heir.share(former.priority);
    }

    /** Takes a subscription out with all its messages. */
    void remove(RemoteSubscriber subscription) {
        boolean wasIn = subscriptions.remove(subscription);
        subscriptionsChanged = true;
        replaying.remove(subscription);
        loseWithSubscription(subscription.cancelReplay());
        for (Share share : subscription.shares()) {
            while (share.queued > 0) {
                dropFirst(share, LossCause.ENDED);
            }
        }
        dropHeld(subscription, LossCause.ENDED);
        held.end(subscription);
        if (wasIn && subscriptions.isEmpty()) {
            budget.leave(this);
        }
    }

    void offer(RemoteSubscriber subscription, RoutedMessage message) {
        if (hasEnded()) {
            lose(subscription, message.topic(), LossCause.ENDED);
        } else if (!subscription.wants(message)) {
            skip(1);
        } else {
            long interval = subscription.intervalNanos(message.topic());
            if (interval == 0
                    || held.maySend(
                            subscription,
                            message.topic(),
                            interval,
                            context.clock().nanoTime())) {
                enqueue(subscription, message);
            } else {
                hold(subscription, message);
            }
        }
    }

    private void enqueue(RemoteSubscriber subscription, RoutedMessage message) {
        int size = message.envelope().size();
        if (subscription.frameBytes(message) > largest) {
            lose(subscription, message.topic(), LossCause.TOO_LARGE);
            return;
        }
        setIncoming(message.topic().priority());
        // While another ends, its messages may stand behind the place of an older one of their topic.
        EntryRing.Slot slot = ends > 0 ? null : subscription.slotOf(message);
        if (slot != null) {
            replace(subscription, slot, message, size);
        } else if (makeRoom(subscription, message.topic(), size)) {
            Share share = subscription.share(incoming);
            Object entry = subscription.toEntry(message);
            ring(incoming).append(entry, share);
            subscription.remember(
                    entry); // not before it is in: a place that nothing stands in would take all that comes
            hasTaken(share, message.topic(), 1, size);
        }
    }

    /** What is the same is not written again: for each message to each session the garbage collector would look at it. */
    private void setIncoming(Priority priority) {
        if (incoming != priority) {
            incoming = priority;
        }
    }

    private void setPeeked(@Nullable EntryRing ring) {
        if (peeked != ring) { // as above
            peeked = ring;
        }
    }

    /** A newer message takes the place of one that waits. */
    private void replace(RemoteSubscriber subscription, EntryRing.Slot slot, RoutedMessage newer, int size) {
        int more = size - slot.message.envelope().size();
        slot.message = newer;
        subscription.share(incoming).count(0, more);
        bytes += more;
        if (stalled && (!stalledForNow || context.clock().nanoTime() - nowNanos > ROUND_TRIP_NANOS)) {
            lose(subscription, newer.topic(), LossCause.SUPERSEDED);
        } else {
            skip(subscription);
        }
        budget.taken(more);
        while (bytes > maxBytes && messages > 1 && dropOldest()) {}
    }

    /** False if the message is lost instead. */
    private boolean makeRoom(RemoteSubscriber subscription, TopicState topic, int size) {
        DeliveryOptions options = subscription.options();
        boolean mayLoseOldest = options.overflow() == OverflowPolicy.DROP_OLDEST && options.policy() != Policy.RELIABLE;
        boolean hasRoom = true;
        while (hasRoom && subscription.queued() >= options.maxQueued()) {
            Share share = mayLoseOldest ? Eviction.firstOf(subscription, incoming) : null;
            hasRoom = share != null;
            if (share != null) {
                dropForRoom(share, LossCause.QUEUE_FULL);
            }
        }
        hasRoom = hasRoom && (!isFull(size) || BoundedQueue.makeRoom(this, size, options.overflow()));
        if (!hasRoom) {
            lose(subscription, topic, LossCause.QUEUE_FULL);
            if (options.policy() == Policy.RELIABLE) {
                listener.tooSlow();
            }
        }
        return hasRoom;
    }

    private void hold(RemoteSubscriber subscription, RoutedMessage message) {
        if (held.hold(subscription, message) != null) {
            skip(subscription);
        } else if (held.of(subscription) > 0) { // else it was lost at once for the good of all sessions
            listener.messageDue(held.nextDueNanos(subscription));
        }
        while (held.isTooMuch(subscription)
                && releaseNext(subscription, context.clock().nanoTime())) {}
    }

    private boolean releaseNext(RemoteSubscriber subscription, long now) {
        return release(subscription, held.takeNext(subscription, now));
    }

    private boolean release(RemoteSubscriber subscription, @Nullable RoutedMessage message) {
        if (message != null) {
            enqueue(subscription, message);
        }
        return message != null;
    }

    private void dropHeld(RemoteSubscriber subscription, LossCause cause) {
        for (RoutedMessage next = held.takeNext(subscription, 0); next != null; next = held.takeNext(subscription, 0)) {
            lose(subscription, next.topic(), cause);
        }
    }

    /** Puts other options of a subscription in force; what it holds back is sent. */
    void changed(RemoteSubscriber subscription, DeliveryOptions options) {
        releaseHeld(subscription);
        held.end(subscription);
        subscription.options(options, maxMessages);
        subscriptionsChanged = true;
    }

    /** Whether there are subscriptions, and all are such that a newer message takes the place of one of its topic that waits. */
    public boolean conflates() {
        if (subscriptionsChanged) {
            subscriptionsChanged = false;
            conflates = !subscriptions.isEmpty();
            for (int i = 0; i < subscriptions.size() && conflates; i++) {
                conflates = subscriptions.get(i).options().policy() == Policy.LATEST;
            }
        }
        return conflates;
    }

    /**
     * Whether the client does not take what waits, so that what a newer message replaces is lost to it.
     *
     * @param forNow whether it is sent no more before a round trip shows how fast it reads: then nothing is lost unless that takes long
     */
    public void stalled(boolean value, boolean forNow) {
        stalled = value;
        stalledForNow = forNow;
    }

    /** What is sent now is read so much later; 0 for no time that is known. */
    public void readDelay(long nanos) {
        expiry.readDelay(nanos);
    }

    /** What is sent from now on is sent at this time. Messages whose time has come wait for it now. */
    public void beginFlush() {
        nowNanos = context.clock().nanoTime();
        gone = 0;
        goneBytes = 0;
        goneArrived = Outgoing.NO_STAMP;
        prepared = null;
        if (held.bytes() == 0) {
            return; // as most flushes find it: nothing is copied for them
        }
        for (RemoteSubscriber subscription : held.subscriptions()) { // what has no room may end the session
            while (held.isDue(subscription, nowNanos)) {
                releaseNext(subscription, nowNanos);
            }
            if (held.of(subscription) > 0) {
                listener.messageDue(held.nextDueNanos(subscription));
            }
        }
    }

    /** What was taken out since {@link #beginFlush} is sent. */
    public void endFlush() {
        counters.sentRun.end(nowNanos);
    }

    /** Takes all messages of a run, or, if there is no room for all, as one after the other. */
    void offer(RemoteSubscriber subscription, MessageRun run) {
        int size = run.bytes();
        boolean hasRoom = messages + run.size() <= maxMessages && bytes + size <= maxBytes;
        boolean noneIsTooLarge = size + subscription.noteBytes() <= largest; // after the end all are
        if (!hasRoom
                || !noneIsTooLarge
                || !subscription.takesRuns()
                || run.first().topic().clientIntervalNanos() > 0) {
            run.forEach(message -> offer(subscription, message));
            return;
        }
        Priority priority = run.first().topic().priority();
        Share share = subscription.share(priority);
        ring(priority).append(run.shared(), share);
        hasTaken(share, run.first().topic(), run.size(), size);
    }

    private void hasTaken(Share share, TopicState topic, int count, int size) {
        prepared = null; // it may go first
        share.count(count, size);
        topic.tally.queued(count);
        urgentMessages += share.priority == Priority.HIGH ? count : 0;
        messages += count;
        bytes += size;
        budget.taken(size);
        listener.messageWaits();
    }

    void offerRetained(RemoteSubscriber subscription, RoutedMessage message) {
        counters.add(Counters.Count.OFFERED, 1);
        offerReplayed(subscription, message);
    }

    /**
     * Takes a message of before. Live ones of its topic may go to another subscription without a name: what that holds back comes first, and
     * what comes later takes no place before this one.
     */
    void offerReplayed(RemoteSubscriber subscription, RoutedMessage message) {
        for (int i = 0; i < subscriptions.size() && subscription.name().isEmpty(); i++) {
            RemoteSubscriber other = subscriptions.get(i);
            if (other != subscription && other.name().isEmpty()) {
                if (held.bytes() > 0) {
                    releaseHeld(other, message.topic());
                }
                other.forgetSlot(message.topic());
            }
        }
        offer(subscription, message);
    }

    /** A replay begins, with what has room. */
    void replays(RemoteSubscriber subscription, TopicTable topics) {
        if (replaying == NONE_REPLAYS) {
            replaying = new ArrayDeque<>(1);
        }
        if (!replaying.contains(subscription)) {
            replaying.add(subscription);
        }
        replaySome(topics);
        if (replaying.isEmpty()) {
            replaying = NONE_REPLAYS;
        }
    }

    /** Goes on with last values that had no room before. */
    public void replayMore(TopicTable topics) {
        work.renew();
        if (!replaying.isEmpty()) {
            replaySome(topics);
        }
    }

    private void replaySome(TopicTable topics) {
        Progress progress = Progress.DONE;
        Iterator<RemoteSubscriber> each = replaying.iterator();
        while (progress != Progress.MORE && each.hasNext()) {
            progress = each.next().replayMore(topics);
            if (progress == Progress.DONE) {
                each.remove();
            }
        }
        if (progress == Progress.MORE) {
            // Also if nothing of it was queued now: there may be none to send that would ask for the next turn.
            listener.messageWaits();
        }
    }

    /** Whether a message that can wait is to be queued now; counts the work of it, see {@link #offerReplayed}. */
    boolean hasRoomToReplay(RemoteSubscriber subscription) {
        return !isHalfFull() && !subscription.isHalfFull() && work.take(1 + subscriptions.size() / OTHERS_A_LOOK);
    }

    /** Counts bytes of messages that wait beside the queue to be replayed. */
    void holds(int size) {
        budget.add(size);
    }

    /** Messages that were offered are left out, as the client asked. */
    void skip(long count) {
        counters.add(Counters.Count.SKIPPED, count);
    }

    private void skip(RemoteSubscriber subscription) {
        skip(1);
        subscription.countSkip();
        prepared = null;
    }

    /** A message was lost that waited for room to be replayed. */
    void loseDeferred(RemoteSubscriber subscription, TopicState topic, boolean countedAsOffered) {
        if (!countedAsOffered) {
            counters.add(Counters.Count.OFFERED, 1);
        }
        lose(subscription, topic, LossCause.QUEUE_FULL);
    }

    /** Messages of a subscription that ends were lost that were offered and waited for a replay. */
    void loseWithSubscription(long count) {
        counters.lost(LossCause.ENDED, count);
    }

    /** Messages were lost that a client asked for and that were published before. */
    void loseReplayed(RemoteSubscriber subscription, TopicState topic, long count) {
        counters.add(Counters.Count.OFFERED, count);
        loseOffered(subscription, topic, count);
    }

    /** Messages were lost that were offered and waited for a replay. */
    void loseOffered(RemoteSubscriber subscription, TopicState topic, long count) {
        if (count > 0) {
            counters.lost(LossCause.QUEUE_FULL, count);
            tellLost(subscription, topic, LossCause.QUEUE_FULL, count);
            if (subscription.options().policy() == Policy.RELIABLE) {
                listener.tooSlow();
            }
        }
    }

    /** Puts in a reply to a request. */
    public void reply(OutboundMessage message) {
        putReply(message, false);
    }

    /** Puts in the reply that has to come before messages of the highest priority. */
    public void replyFirst(OutboundMessage message) {
        putReply(message, true);
    }

    private void putReply(OutboundMessage message, boolean isUrgent) {
        prepared = null;
        Object entry = QueuedReplies.entry(message, isUrgent);
        ring(Priority.HIGH).append(entry, null);
        replies.queued(entry);
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return messages == 0 && replies.count() == 0;
    }

    /** What is to be sent next, or null if nothing waits. */
    public @Nullable OutboundMessage peek() {
        if (prepared == null) {
            for (int i = HIGHEST; i < PRIORITIES && prepared == null; i++) {
                EntryRing ring = rings[i];
                setPeeked(ring);
                prepared = ring == null ? null : first(ring);
            }
        }
        return prepared;
    }

    /** Has messages taken out, in order, as long as the taker takes them; returns whether nothing is left. */
    public boolean handOver(Outgoing.Taker taker) {
        prepared = null;
        for (EntryRing ring : rings) {
            if (ring != null && !ring.isEmpty()) {
                setPeeked(ring);
                prepared = handOver(ring, taker);
                if (prepared != null) {
                    return false;
                }
            }
        }
        return true;
    }

    /** {@return what was not taken, if anything} */
    private @Nullable OutboundMessage handOver(EntryRing ring, Outgoing.Taker taker) {
        OutboundMessage next = first(ring);
        while (next != null && taker.take(next)) {
            pop(ring, next.length());
            next = first(ring);
        }
        return next;
    }

    private @Nullable OutboundMessage first(EntryRing ring) {
        Object next = ring.first();
        if (next instanceof RoutedMessage message) {
            RemoteSubscriber owner = Objects.requireNonNull(ring.firstOwner()).subscriber;
            if (!expiry.isTooOld(owner, message, nowNanos)) {
                return prepare(owner, message);
            }
            expiry.dropTooOld(ring, nowNanos);
            next = ring.first();
        }
        if (next instanceof RoutedMessage message) {
            return prepare(Objects.requireNonNull(ring.firstOwner()).subscriber, message);
        }
        return next == null ? null : QueuedReplies.messageOf(next);
    }

    private OutboundMessage prepare(RemoteSubscriber owner, RoutedMessage message) {
        boolean binary = owner.options().binary();
        return owner.noteBytes() == 0
                ? dialect.delivery(message.envelope(), binary)
                : dialect.delivery(message.envelope(), binary, owner.note(message, context.startedNanos()));
    }

    /**
     * Whether what {@link #peek} gave goes before what was sent and is not written yet. A reply passes no other reply, and no message passes
     * the reply to its subscribe.
     */
    public boolean isUrgent() {
        EntryRing ring = rings[HIGHEST];
        return ring != null && ring == peeked && replies.letsPass(ring.first(), ring.firstOwner() == null);
    }

    /** Whether {@link #laneIsEmpty} is to be told. */
    public boolean asksForEmptyLane() {
        return replies.areUnwritten();
    }

    /** Nothing is left of what was sent before: there is nothing to pass. */
    public void laneIsEmpty() {
        replies.allWritten();
    }

    /** {@return the time of the last {@link #beginFlush}, on the monotonic clock} */
    public long flushNanos() {
        return nowNanos;
    }

    /** Whether messages of the highest priority wait. */
    public boolean hasUrgent() {
        return urgentMessages > 0;
    }

    /** {@return how many messages were taken out since {@link #beginFlush}, without replies} */
    public int gone() {
        return gone;
    }

    /** {@return how many bytes of messages and replies were taken out since {@link #beginFlush}} */
    public int goneBytes() {
        return goneBytes;
    }

    /** {@return when the first of the messages came in that are {@link #gone}, last values aside; or {@link Outgoing#NO_STAMP}} */
    public long goneArrivedNanos() {
        return goneArrived;
    }

    /** Takes out what {@link #peek} gave. */
    public void pop() {
        pop(Objects.requireNonNull(peeked), Objects.requireNonNull(prepared).length());
    }

    private void pop(EntryRing ring, int length) {
        Share share = ring.firstOwner();
        prepared = null;
        goneBytes += length;
        if (share == null) {
            replies.left(ring.first());
            ring.removeFirst();
            return;
        }
        RoutedMessage message = ring.removeFirstOf(share);
        uncount(share, message);
        counters.sentRun.add(message, share.subscriber, nowNanos);
        share.subscriber.noteSent();
        moves = true;
        gone++;
        if (goneArrived == Outgoing.NO_STAMP && !share.subscriber.isRetained(message)) {
            goneArrived = message.arrivedNanos();
        }
    }

    @Override
    public boolean isFull(int messageBytes) {
        return messages > 0 && (messages >= maxMessages || bytes + messageBytes > maxBytes);
    }

    @Override
    public boolean dropOldest() {
        Share share = Eviction.first(subscriptions, incoming);
        if (share != null) {
            dropForRoom(share, LossCause.QUEUE_FULL);
        }
        return share != null;
    }

    /** Whether it would be well if some of it were sent. */
    public boolean isHalfFull() {
        return messages > 0 && (messages >= maxMessages / 2 || bytes >= maxBytes / 2);
    }

    /** Loses the older half of what waits, or all that is held back, for the good of all sessions; false if there is nothing. */
    @Override
    public boolean shedHalf() {
        if (messages == 0 && held.bytes() == 0) {
            return false;
        }
        if (messages == 0) {
            held.subscriptions().forEach(subscription -> dropHeld(subscription, LossCause.ALL_QUEUES_FULL));
        }
        int target = messages / 2;
        while (messages > target) {
            Share share = Eviction.first(subscriptions, Priority.HIGH);
            if (share == null) {
                listener.tooSlow();
                return false;
            }
            dropForRoom(share, LossCause.ALL_QUEUES_FULL);
        }
        moves = false;
        return true;
    }

    /** Whether messages wait, and none was sent since some were lost for the good of all sessions. */
    @Override
    public boolean standsStill() {
        return messages > 0 && !moves;
    }

    /** Loses the message of a subscription that its client misses least, to make room. */
    private void dropForRoom(Share share, LossCause cause) {
        dropped(share, ring(share.priority).removeLeastWantedOf(share), cause);
    }

    private void dropFirst(Share share, LossCause cause) {
        dropped(share, ring(share.priority).removeFirstOf(share), cause);
    }

    /** What was taken out of a subscription's chain is lost. */
    private void dropped(Share share, RoutedMessage message, LossCause cause) {
        uncount(share, message);
        message.topic().tally.queued(-1);
        lose(share.subscriber, message.topic(), cause);
    }

    private void uncount(Share share, RoutedMessage message) {
        int size = message.envelope().size();
        share.count(-1, -size);
        urgentMessages -= share.priority == Priority.HIGH ? 1 : 0;
        messages--;
        bytes -= size;
        budget.freed(size);
    }

    private void lose(RemoteSubscriber subscription, TopicState topic, LossCause cause) {
        counters.lost(cause, 1);
        prepared = null;
        if (cause != LossCause.ENDED) {
            tellLost(subscription, topic, cause, 1);
        }
    }

    private void tellLost(RemoteSubscriber subscription, TopicState topic, LossCause cause, long count) {
        prepared = null;
        topic.tally.dropped(count);
        subscription.countLosses(cause, count);
        listener.messagesLost(count);
    }

    /**
     * Ends it: what waits is lost, and so is what still comes. Topics may know its subscriptions for a while yet, and keep nothing of its
     * session by that.
     */
    public void end() {
        counters.sentRun.end(nowNanos);
        List.copyOf(subscriptions).forEach(this::remove);
        largest = NOTHING;
        Arrays.fill(rings, null);
        peeked = null;
        replies.end();
        prepared = null;
        listener = Listener.NONE;
    }

    private boolean hasEnded() {
        return largest == NOTHING;
    }

    List<RemoteSubscriber> subscriptions() {
        return subscriptions;
    }

    /** {@return how many messages wait; any thread} */
    public int messages() {
        return messages;
    }

    /** {@return how many bytes of messages wait or are held back; any thread} */
    @Override
    public int bytes() {
        return bytes + held.bytes();
    }

    /** {@return how many replies wait} */
    public int replies() {
        return replies.count();
    }

    /** {@return of how many topics the client is still to be sent what it has missed} */
    public int resumedTopics() {
        return resumedTopics;
    }

    /** {@return how many bytes of replies wait or are being made} */
    public int replyBytes() {
        return replies.bytes();
    }

    /** Counts bytes of a reply that is being made, beside the queue; out again if negative. */
    public void makesReply(int size) {
        replies.makes(size);
    }

    /** {@return whether what waits for all sessions leaves room for a large reply} */
    public boolean hasRoomForLargeReply() {
        return budget.isHalfFree();
    }
}
