package io.github.robotstream.internal.routing;

import io.github.robotstream.LossCause;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.internal.protocol.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one session, in order: messages of its subscriptions, and replies to its requests. Any thread makes one, all
 * else is the broker thread's.
 *
 * <p>Messages are bounded by count and bytes. A full queue loses, by its policy, the new message, or the oldest one of the
 * subscription that has most bytes in it: a busy topic does not push out a quiet one. Replies are never lost; the session
 * takes no request while many wait. What is lost is counted with its subscription.
 */
public final class DeliveryQueue implements BoundedQueue {
    /** The largest frame that a client is sent: others would end their connection with 1009. */
    public static final int MAX_FRAME_BYTES = 1 << 20;

    private static final int NOTHING = -1;

    private final Function<Envelope, byte[]> frames;
    private final int maxMessages;
    private final long maxBytes;
    private final OverflowPolicy policy;
    private final QueueBudget budget;
    private final Counters counters;
    private Runnable onWork;
    private Runnable onLoss;
    private EntryRing entries = new EntryRing();
    private final List<RemoteSubscriber> subscriptions = new ArrayList<>();
    private final ArrayDeque<RemoteSubscriber> replaying = new ArrayDeque<>();
    private final Work work = new Work();
    /** What the memory of its subscriptions takes beside the budget, see {@link SubscriptionBudget}. */
    int freeBytes;

    /** The largest message that is taken; after the end none is. */
    private long largest;

    // Written by the broker thread alone; a snapshot may read them a little late.
    private int messages;
    private int bytes;
    private int replies;
    private boolean moves;

    /**
     * An empty queue; any thread.
     *
     * @param frames what is sent of a message; asked at the moment when it is sent
     * @param onWork told each time a message waits, or last values are still to be queued
     * @param onLoss told each time a message is lost; the losses wait with their subscriptions
     */
    public DeliveryQueue(
            Function<Envelope, byte[]> frames,
            Bounds bounds,
            QueueBudget budget,
            Counters counters,
            Runnable onWork,
            Runnable onLoss) {
        this.frames = frames;
        this.maxMessages = bounds.maxMessages();
        this.maxBytes = bounds.maxBytes();
        this.policy = bounds.policy();
        this.largest = Math.min(MAX_FRAME_BYTES, maxBytes);
        this.budget = budget;
        this.counters = counters;
        this.onWork = onWork;
        this.onLoss = onLoss;
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
        if (wasIn && subscriptions.isEmpty()) {
            budget.leave(this);
        }
    }

    void offer(RemoteSubscriber subscription, RoutedMessage message) {
        if (!subscription.wants(message)) {
            skip();
            return;
        }
        int size = message.envelope().size();
        if (size > largest) {
            lose(subscription, hasEnded() ? LossCause.ENDED : LossCause.TOO_LARGE);
            return;
        }
        if (isFull(size) && !BoundedQueue.makeRoom(this, size, policy)) {
            lose(subscription, LossCause.QUEUE_FULL);
            return;
        }
        entries.append(message, subscription);
        hasTaken(subscription, 1, size);
    }

    /** Takes all messages of a run, or, if there is no room for all, as one after the other. */
    void offer(RemoteSubscriber subscription, MessageRun run) {
        int size = run.bytes();
        boolean hasRoom = messages + run.size() <= maxMessages && bytes + size <= maxBytes && !hasEnded();
        if (!hasRoom || subscription.leastSeverity() > 0) {
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
        onWork.run();
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
            onWork.run();
        }
    }

    /** A message that was offered is left out, as the client asked. */
    void skip() {
        counters.add(Counters.Count.SKIPPED, 1);
    }

    /** A message was lost that waited for room to be replayed. */
    void loseDeferred(RemoteSubscriber subscription, boolean countedAsOffered) {
        if (!countedAsOffered) {
            counters.add(Counters.Count.OFFERED, 1);
        }
        lose(subscription, LossCause.QUEUE_FULL);
    }

    /** Puts in a reply to a request. */
    public void reply(byte[] text) {
        entries.append(text, null);
        replies++;
    }

    /** The text that is to be sent next, or null if nothing waits. */
    public byte @Nullable [] peek() {
        Object next = entries.first();
        if (next == null) {
            return null;
        }
        return next instanceof RoutedMessage message ? frames.apply(message.envelope()) : (byte[]) next;
    }

    /** When what {@link #peek} gives came in, on the monotonic clock; what is given here for a reply or a last value. */
    public long firstArrivedNanos(long otherwise) {
        RemoteSubscriber owner = entries.firstOwner();
        return owner != null && entries.first() instanceof RoutedMessage message && !owner.isRetained(message)
                ? message.arrivedNanos()
                : otherwise;
    }

    /** Takes out what {@link #peek} gave. Returns whether it was a message, and not a reply. */
    public boolean pop() {
        RemoteSubscriber owner = entries.firstOwner();
        if (owner == null) {
            entries.removeFirst();
            replies--;
            return false;
        }
        unlink(owner);
        moves = true;
        return true;
    }

    @Override
    public boolean isFull(int messageBytes) {
        return messages > 0 && (messages >= maxMessages || bytes + messageBytes > maxBytes);
    }

    @Override
    public void dropOldest() {
        dropOldest(fullest(), LossCause.QUEUE_FULL);
    }

    /** Whether it would be well if some of it were sent. */
    public boolean isHalfFull() {
        return messages > 0 && (messages >= maxMessages / 2 || bytes >= maxBytes / 2);
    }

    private RemoteSubscriber fullest() {
        RemoteSubscriber fullest = subscriptions.get(0);
        for (int i = 1; i < subscriptions.size(); i++) {
            if (subscriptions.get(i).queuedBytes > fullest.queuedBytes) {
                fullest = subscriptions.get(i);
            }
        }
        return fullest;
    }

    /** Loses the older half of what waits, for the good of all sessions; false if nothing waits. */
    boolean shedHalf() {
        int target = messages / 2;
        if (messages == 0) {
            return false;
        }
        while (messages > target) {
            dropOldest(fullest(), LossCause.ALL_QUEUES_FULL);
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
        RoutedMessage message = entries.removeFirstOf(subscription);
        int size = message.envelope().size();
        subscription.queued--;
        subscription.queuedBytes -= size;
        messages--;
        bytes -= size;
        budget.freed(size);
    }

    private void lose(RemoteSubscriber subscription, LossCause cause) {
        counters.lost(cause, 1);
        if (cause != LossCause.ENDED) {
            subscription.countLoss();
            onLoss.run();
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
        onWork = () -> {};
        onLoss = onWork;
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

    /** {@return how many bytes of messages wait; any thread} */
    public int bytes() {
        return bytes;
    }

    /** {@return how many replies wait} */
    public int replies() {
        return replies;
    }
}
