package io.github.robotstream.internal.routing;

import io.github.robotstream.LossCause;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one session, in order: messages of its subscriptions, and replies to its requests. Any thread makes one, all
 * else is the broker thread's.
 *
 * <p>Messages are bounded by count and bytes. A full queue loses, by its policy, the new message, or the oldest one of the
 * subscription that has most bytes in it: a busy topic does not push out a quiet one. A subscription may bound its own share, keep but the
 * newest of each topic, or end the session rather than lose, see {@link DeliveryOptions}. Replies are never lost; the session
 * takes no request while many wait. What is lost is counted with its subscription.
 *
 * <p>What is too old when it could be sent is lost as well: by default a value of a state topic that was followed by a newer one.
 */
public final class DeliveryQueue implements BoundedQueue {
    /** The largest frame that a client is sent unless it says otherwise: others would end their connection with 1009. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    private static final int NOTHING = -1;
    /** Between two searches for values that newer ones have followed. */
    private static final long SEARCH_NANOS = 50_000_000;

    private final Dialect dialect;
    private final Context context;
    private final int maxMessages;
    private final long maxBytes;
    private final QueueBudget budget;
    private final Counters counters;
    private Listener listener;
    private EntryRing entries = new EntryRing();
    private final List<RemoteSubscriber> subscriptions = new ArrayList<>();
    private final ArrayDeque<RemoteSubscriber> replaying = new ArrayDeque<>();
    /** Those whose topics are thinned to a rate. */
    private final List<RemoteSubscriber> paced = new ArrayList<>(0);

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
    private int replies;
    private boolean moves;
    private int heldBytes; // of messages whose time has not come
    private boolean stalled;
    private long nowNanos; // at the beginning of this flush
    private long searchedAt;
    /** What is sent of the first message, while nothing changes that is told with it. */
    private @Nullable OutboundMessage prepared;

    /**
     * What the queues of a broker's sessions share.
     *
     * @param startedNanos when the broker started, on the monotonic clock
     * @param thinAfterNanos see {@link DeliveryOptions}, for clients that say nothing
     */
    public record Context(
            Bounds bounds,
            QueueBudget budget,
            Counters counters,
            BrokerClock clock,
            long startedNanos,
            long thinAfterNanos) {
        /** {@return what is in effect for clients that say nothing} */
        public DeliveryOptions usual() {
            return DeliveryOptions.usual(bounds, thinAfterNanos);
        }
    }

    /** What a queue's owner is told. Broker thread. */
    public interface Listener {
        /** A message waits, or last values are still to be queued. */
        void messageWaits();

        /** A message is lost; the losses wait with their subscriptions. */
        void messageLost();

        /** A message is held until then, on the monotonic clock; {@link #beginFlush} gives it free. */
        void messageDue(long nanos);

        /** A subscription that must not lose has no room. */
        void tooSlow();

        /** Hears nothing. */
        Listener NONE = new Listener() {
            @Override
            public void messageWaits() {}

            @Override
            public void messageLost() {}

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
        this.counters = context.counters();
        this.listener = listener;
        this.searchedAt = context.clock().nanoTime() - SEARCH_NANOS;
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
    }

    /** What the session has the broker thread do. */
    public Work work() {
        return work;
    }

    /** The topics of a subscription's messages that wait. */
    Set<TopicState> topicsOf(RemoteSubscriber subscription) {
        return entries.topicsOf(subscription);
    }

    /** Takes a subscription out; its messages go to those that want them. Returns how many were lost with it. */
    int remove(RemoteSubscriber subscription, Map<TopicState, RemoteSubscriber> heirs) {
        if (!heirs.isEmpty()) {
            prepared = null;
            entries.giveAway(subscription, message -> heir(subscription, message, heirs));
        }
        int lost = subscription.queued;
        remove(subscription);
        return lost;
    }

    private @Nullable RemoteSubscriber heir(
            RemoteSubscriber former, RoutedMessage message, Map<TopicState, RemoteSubscriber> heirs) {
        RemoteSubscriber heir = heirs.get(message.topic());
        if (heir == null || !heir.wants(message)) {
            return null;
        }
        former.give(heir, message.envelope().size());
        return heir;
    }

    /**
     * Gives the live messages that wait for a subscription's replay to the one that gets their topic's messages from now on. Returns how
     * many were lost, as there is none.
     */
    int passOnDeferred(RemoteSubscriber former) {
        int lost = 0;
        for (RoutedMessage message : former.endReplay()) {
            RemoteSubscriber heir = null;
            for (RemoteSubscriber candidate : subscriptions) {
                heir = SubscriptionEnd.betterHeir(former, heir, candidate, message.topic());
            }
            if (heir == null) {
                lost++;
                lose(former, LossCause.ENDED);
            } else {
                heir.offer(message);
            }
        }
        return lost;
    }

    /** Takes a subscription out with all its messages. */
    void remove(RemoteSubscriber subscription) {
        boolean wasIn = subscriptions.remove(subscription);
        replaying.remove(subscription);
        subscription.endReplay().forEach(message -> lose(subscription, LossCause.ENDED));
        while (subscription.queued > 0) {
            dropOldest(subscription, LossCause.ENDED);
        }
        dropHeld(subscription, LossCause.ENDED);
        paced.remove(subscription);
        if (wasIn && subscriptions.isEmpty()) {
            budget.leave(this);
        }
    }

    void offer(RemoteSubscriber subscription, RoutedMessage message) {
        if (hasEnded()) {
            lose(subscription, LossCause.ENDED);
        } else if (!subscription.wants(message)) {
            skip();
        } else {
            RatePacer pacer = subscription.pacer();
            if (pacer == null || pacer.maySend(message.topic(), context.clock().nanoTime())) {
                enqueue(subscription, message);
            } else {
                hold(subscription, pacer, message);
            }
        }
    }

    private void enqueue(RemoteSubscriber subscription, RoutedMessage message) {
        int size = message.envelope().size();
        if (subscription.frameBytes(message) > largest) {
            lose(subscription, LossCause.TOO_LARGE);
            return;
        }
        EntryRing.Slot slot = subscription.slotOf(message);
        if (slot != null) {
            replace(subscription, slot, message, size);
        } else if (makeRoom(subscription, size)) {
            entries.append(subscription.toEntry(message), subscription);
            hasTaken(subscription, 1, size);
        }
    }

    /** A newer message takes the place of one that waits. */
    private void replace(RemoteSubscriber subscription, EntryRing.Slot slot, RoutedMessage newer, int size) {
        int more = size - slot.message.envelope().size();
        slot.message = newer;
        subscription.queuedBytes += more;
        bytes += more;
        if (stalled) {
            lose(subscription, LossCause.QUEUE_FULL);
        } else {
            skip(subscription);
        }
        budget.taken(more);
        while (bytes > maxBytes && messages > 1 && dropOldest()) {}
    }

    /** False if the message is lost instead. */
    private boolean makeRoom(RemoteSubscriber subscription, int size) {
        DeliveryOptions options = subscription.options();
        boolean hasRoom = true;
        if (subscription.queued >= options.maxQueued()) {
            hasRoom = options.overflow() == OverflowPolicy.DROP_OLDEST;
            while (hasRoom && subscription.queued >= options.maxQueued()) {
                dropOldest(subscription, LossCause.QUEUE_FULL);
            }
        }
        hasRoom = hasRoom && (!isFull(size) || BoundedQueue.makeRoom(this, size, options.overflow()));
        if (!hasRoom) {
            lose(subscription, LossCause.QUEUE_FULL);
            if (options.policy() == Policy.RELIABLE) {
                listener.tooSlow();
            }
        }
        return hasRoom;
    }

    private void hold(RemoteSubscriber subscription, RatePacer pacer, RoutedMessage message) {
        RoutedMessage former = pacer.hold(message);
        addHeld(message.envelope().size());
        if (former == null) {
            listener.messageDue(pacer.nextDueNanos());
        } else {
            addHeld(-former.envelope().size());
            skip(subscription);
        }
        while (heldBytes > maxBytes || pacer.held() > maxMessages) {
            release(subscription, pacer, context.clock().nanoTime()); // earlier than it should: held ones are bounded
        }
    }

    private void addHeld(int size) {
        heldBytes += size;
        budget.taken(size);
    }

    private boolean release(RemoteSubscriber subscription, RatePacer pacer, long now) {
        RoutedMessage next = pacer.takeNext(now);
        if (next != null) {
            addHeld(-next.envelope().size());
            enqueue(subscription, next);
        }
        return next != null;
    }

    private void dropHeld(RemoteSubscriber subscription, LossCause cause) {
        RatePacer pacer = subscription.pacer();
        if (pacer != null) {
            for (RoutedMessage held : pacer.takeAll()) {
                addHeld(-held.envelope().size());
                lose(subscription, cause);
            }
        }
    }

    /** Puts other options of a subscription in force; what it holds back is sent. */
    void changed(RemoteSubscriber subscription, DeliveryOptions options) {
        RatePacer former = subscription.pacer();
        while (former != null && release(subscription, former, 0)) {}
        paced.remove(subscription);
        subscription.options(options, maxMessages);
        if (options.intervalNanos() > 0) {
            paced.add(subscription);
        }
    }

    /** Whether the client does not take what waits, so that what a newer message replaces is lost to it. */
    public void stalled(boolean value) {
        stalled = value;
    }

    /** What is sent from now on is sent at this time. Messages whose time has come wait for it now. */
    public void beginFlush() {
        nowNanos = context.clock().nanoTime();
        prepared = null;
        for (RemoteSubscriber subscription : paced) {
            RatePacer pacer = Objects.requireNonNull(subscription.pacer());
            while (pacer.held() > 0 && pacer.nextDueNanos() - nowNanos <= 0) {
                release(subscription, pacer, nowNanos);
            }
            if (pacer.held() > 0) {
                listener.messageDue(pacer.nextDueNanos());
            }
        }
    }

    /** Takes all messages of a run, or, if there is no room for all, as one after the other. */
    void offer(RemoteSubscriber subscription, MessageRun run) {
        int size = run.bytes();
        boolean hasRoom = messages + run.size() <= maxMessages && bytes + size <= maxBytes && !hasEnded();
        if (!hasRoom || !subscription.takesRuns()) {
            run.forEach(message -> offer(subscription, message));
            return;
        }
        entries.append(run.shared(), subscription);
        hasTaken(subscription, run.size(), size);
    }

    private void hasTaken(RemoteSubscriber subscription, int count, int size) {
        subscription.queued += count;
        subscription.queuedBytes += size;
        messages += count;
        bytes += size;
        budget.taken(size);
        listener.messageWaits();
    }

    void offerRetained(RemoteSubscriber subscription, RoutedMessage message) {
        counters.add(Counters.Count.OFFERED, 1);
        offer(subscription, message);
    }

    /** A replay begins, with what has room. */
    void replays(RemoteSubscriber subscription, TopicTable topics) {
        if (!replaying.contains(subscription)) {
            replaying.add(subscription);
        }
        replaySome(topics);
    }

    /** Goes on with last values that had no room before. */
    public void replayMore(TopicTable topics) {
        work.renew();
        replaySome(topics);
    }

    private void replaySome(TopicTable topics) {
        RemoteSubscriber first = replaying.peek();
        while (first != null && first.replayMore(topics)) {
            replaying.remove();
            first = replaying.peek();
        }
        if (first != null) {
            // Also if nothing of it was queued now: there may be none to send that would ask for the next turn.
            listener.messageWaits();
        }
    }

    /** A message that was offered is left out, as the client asked. */
    void skip() {
        counters.add(Counters.Count.SKIPPED, 1);
    }

    private void skip(RemoteSubscriber subscription) {
        skip();
        subscription.countSkip();
        prepared = null;
    }

    /** A message was lost that waited for room to be replayed. */
    void loseDeferred(RemoteSubscriber subscription, boolean countedAsOffered) {
        if (!countedAsOffered) {
            counters.add(Counters.Count.OFFERED, 1);
        }
        lose(subscription, LossCause.QUEUE_FULL);
    }

    /** Puts in a reply to a request. */
    public void reply(OutboundMessage message) {
        entries.append(message, null);
        replies++;
    }

    /** What is to be sent next, or null if nothing waits. */
    public @Nullable OutboundMessage peek() {
        if (prepared == null) {
            dropTooOld();
            Object next = entries.first();
            prepared = next instanceof RoutedMessage message ? prepare(message) : (OutboundMessage) next;
        }
        return prepared;
    }

    private OutboundMessage prepare(RoutedMessage message) {
        RemoteSubscriber owner = Objects.requireNonNull(entries.firstOwner());
        boolean binary = owner.options().binary();
        return owner.noteBytes() == 0
                ? dialect.delivery(message.envelope(), binary)
                : dialect.delivery(message.envelope(), binary, owner.note(message, context.startedNanos()));
    }

    private void dropTooOld() {
        while (entries.first() instanceof RoutedMessage first) {
            RemoteSubscriber owner = Objects.requireNonNull(entries.firstOwner());
            boolean isInTime =
                    nowNanos - first.arrivedNanos() <= owner.options().patienceNanos();
            if (isInTime || owner.isRetained(first) || !dropsOld(owner, first)) {
                return;
            }
        }
    }

    /** Whether it has dropped something of a subscription whose first message is old. */
    private boolean dropsOld(RemoteSubscriber owner, RoutedMessage first) {
        boolean isFollowed = first.topic().isThinned() && entries.isFirstFollowed(owner);
        if (owner.options().maxAgeNanos() > 0 || isFollowed) {
            dropOldest(owner, LossCause.TOO_OLD);
            return true;
        }
        if (owner.filter().isExact() || nowNanos - searchedAt < SEARCH_NANOS) {
            return false;
        }
        searchedAt = nowNanos;
        int before = messages;
        long limit = owner.options().thinAfterNanos();
        entries.removeFollowed(
                owner,
                message -> message.topic().isThinned()
                        && nowNanos - message.arrivedNanos() > limit
                        && !owner.isRetained(message),
                message -> {
                    uncount(owner, message);
                    lose(owner, LossCause.TOO_OLD);
                });
        return messages < before;
    }

    /** Takes out what {@link #peek} gave. Returns whether it was a message, and not a reply. */
    public boolean pop() {
        RemoteSubscriber owner = entries.firstOwner();
        prepared = null;
        if (owner == null) {
            entries.removeFirst();
            replies--;
            return false;
        }
        unlink(owner);
        owner.noteSent();
        moves = true;
        return true;
    }

    @Override
    public boolean isFull(int messageBytes) {
        return messages > 0 && (messages >= maxMessages || bytes + messageBytes > maxBytes);
    }

    @Override
    public boolean dropOldest() {
        RemoteSubscriber fullest = fullest();
        if (fullest != null) {
            dropOldest(fullest, LossCause.QUEUE_FULL);
        }
        return fullest != null;
    }

    /** Whether it would be well if some of it were sent. */
    public boolean isHalfFull() {
        return messages > 0 && (messages >= maxMessages / 2 || bytes >= maxBytes / 2);
    }

    /** The subscription that has most bytes of those that may lose; null if none has any. */
    private @Nullable RemoteSubscriber fullest() {
        RemoteSubscriber fullest = null;
        long most = 0;
        for (int i = 0; i < subscriptions.size(); i++) {
            RemoteSubscriber next = subscriptions.get(i);
            if (next.queuedBytes > most && next.options().policy() != Policy.RELIABLE) {
                fullest = next;
                most = next.queuedBytes;
            }
        }
        return fullest;
    }

    /** Loses the older half of what waits, or all that is held back, for the good of all sessions; false if there is nothing. */
    boolean shedHalf() {
        if (messages == 0 && heldBytes == 0) {
            return false;
        }
        if (messages == 0) {
            paced.forEach(subscription -> dropHeld(subscription, LossCause.ALL_QUEUES_FULL));
        }
        int target = messages / 2;
        while (messages > target) {
            RemoteSubscriber fullest = fullest();
            if (fullest == null) {
                listener.tooSlow();
                return false;
            }
            dropOldest(fullest, LossCause.ALL_QUEUES_FULL);
        }
        moves = false;
        return true;
    }

    /** Whether messages wait, and none was sent since some were lost for the good of all sessions. */
    boolean standsStill() {
        return messages > 0 && !moves;
    }

    private void dropOldest(RemoteSubscriber subscription, LossCause cause) {
        unlink(subscription);
        entries.trimFirstOf(subscription);
        lose(subscription, cause);
    }

    /** Takes a subscription's first message out of its chain, the queue and the counts. */
    private void unlink(RemoteSubscriber subscription) {
        prepared = null;
        uncount(subscription, entries.removeFirstOf(subscription));
    }

    private void uncount(RemoteSubscriber subscription, RoutedMessage message) {
        int size = message.envelope().size();
        subscription.queued--;
        subscription.queuedBytes -= size;
        messages--;
        bytes -= size;
        budget.freed(size);
    }

    private void lose(RemoteSubscriber subscription, LossCause cause) {
        counters.lost(cause, 1);
        prepared = null;
        if (cause != LossCause.ENDED) {
            subscription.countLoss();
            listener.messageLost();
        }
    }

    /**
     * Ends it: what waits is lost, and so is what still comes. Topics may know its subscriptions for a while yet, and keep nothing of its
     * session by that.
     */
    public void end() {
        List.copyOf(subscriptions).forEach(this::remove);
        largest = NOTHING;
        entries = new EntryRing();
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
    public int bytes() {
        return bytes + heldBytes;
    }

    /** {@return how many replies wait} */
    public int replies() {
        return replies;
    }
}
