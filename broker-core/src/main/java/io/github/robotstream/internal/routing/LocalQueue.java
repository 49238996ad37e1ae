package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one subscription of robot code, bounded by count and bytes; one message always has room. What the
 * {@link DeliveryOptions} of clients mean holds here too, and a full queue of several topics loses what a newer value has followed first. With a rate
 * but the newest message of each topic waits, and the rate counts from when messages are taken out. Guarded by the lock of whoever owns it, which every
 * call holds for a bounded time.
 *
 * <p>A ring that grows as it is needed, by halves. It grows before a message is put in: an {@code ArrayDeque} that has no memory to grow forgets
 * all that is in it.
 */
public final class LocalQueue implements BoundedQueue {
    private static final int FIRST_SLOTS = 8;
    private static final int MESSAGES_A_STEP = 64;
    /** Behind so many messages that are to stay none is looked for. */
    private static final int MOST_PASSED = 2_048;

    private final DeliveryOptions options;
    private final long maxBytes;
    private final boolean isOfOneTopic;
    private final BrokerClock clock;
    private final Tally tally;
    private final @Nullable RatePacer pacer;
    /** Of each topic but the newest message waits. */
    private final boolean keepsNewest;
    /** Messages, or the {@link Waiting} of topics of which but the newest message waits. */
    private @Nullable Object[] slots = new @Nullable Object[FIRST_SLOTS];
    /** That of the message that is to have room. */
    private @Nullable TopicState incoming;

    /** By topic, where it is asked for. */
    private final Map<TopicState, Waiting> waiting = new HashMap<>(0);

    private int oldest;
    private int size;
    /** So many from the oldest on were the newest of their topics when a full queue looked. */
    private int passed;
    /** At so many messages may be looked for one that can go. */
    private int looks;

    private long bytes;
    private long heldBytes; // of messages whose time has not come
    private long retainedUpTo = -1;
    private long lost;

    /** Counts what is put in and not taken out. */
    public interface Tally {
        /** A message was lost. */
        void lost(LossCause cause);

        /** A message was left out as the options say. */
        void skipped();

        /** Counts nothing. */
        Tally NONE = new Tally() {
            @Override
            public void lost(LossCause cause) {}

            @Override
            public void skipped() {}
        };
    }

    /** What waits of one topic. */
    private static final class Waiting {
        private int messages;
        private @Nullable RoutedMessage newest;
        private long sinceNanos;
    }

    /**
     * An empty queue.
     *
     * @param maxBytes how many bytes of messages may wait, and as many be held back
     * @param isOfOneTopic whether all messages are of the same topic
     * @param tally called within the calls of this queue
     */
    public LocalQueue(DeliveryOptions options, long maxBytes, boolean isOfOneTopic, BrokerClock clock, Tally tally) {
        this.options = options;
        this.maxBytes = maxBytes;
        this.isOfOneTopic = isOfOneTopic;
        this.clock = clock;
        this.tally = tally;
        this.pacer = options.intervalNanos() > 0 ? new RatePacer(new RatePacer.Room(options.maxQueued())) : null;
        this.keepsNewest = pacer != null || options.policy() == Policy.LATEST;
    }

    /** Takes a message in, now or when it is due, or loses one: this too if there is no memory for it. */
    public void offer(RoutedMessage message) {
        if (pacer == null
                || waiting.containsKey(message.topic())
                || pacer.isDue(message.topic(), options.intervalNanos(), clock.nanoTime())) {
            enqueue(message);
        } else {
            hold(pacer, message);
        }
    }

    /** Messages up to that one were published before last values were asked for: they are never too old. */
    public void retainedUpTo(long ordinal) {
        retainedUpTo = ordinal;
    }

    private void enqueue(RoutedMessage message) {
        int messageBytes = message.envelope().size();
        Waiting before = keepsNewest ? waiting.get(message.topic()) : null;
        if (before != null) {
            replace(before, message, messageBytes);
            return;
        }
        incoming = message.topic();
        boolean hasRoom = !isFull(messageBytes) || BoundedQueue.makeRoom(this, messageBytes, options.overflow());
        if (hasRoom && put(message)) {
            size++;
            looks = Math.min(Share.MOST_LOOKS, looks + Share.LOOKS_EACH);
            bytes += messageBytes;
        } else {
            lose(LossCause.QUEUE_FULL);
        }
    }

    /** A newer message takes the place of one that waits. Who has left that there for so long does not keep up, and has lost it. */
    private void replace(Waiting place, RoutedMessage newer, int newerBytes) {
        bytes += newerBytes - newestOf(place).envelope().size();
        place.newest = newer;
        if (options.thinAfterNanos() > 0 && clock.nanoTime() - place.sinceNanos > options.thinAfterNanos()) {
            lose(LossCause.SUPERSEDED);
        } else {
            tally.skipped();
        }
        while (bytes > maxBytes && size > 1) {
            dropOldest();
        }
    }

    /** Returns whether there was memory for it; else nothing has changed. */
    private boolean put(RoutedMessage message) {
        try {
            if (size == slots.length) {
                grow();
            }
            slots[wrapped(oldest + size)] = toEntry(message);
            return true;
        } catch (OutOfMemoryError passing) {
            return false;
        }
    }

    private Object toEntry(RoutedMessage message) {
        if (!keepsNewest && !countsTopics()) {
            return message;
        }
        Waiting ofTopic = waiting.computeIfAbsent(message.topic(), topic -> new Waiting());
        ofTopic.messages++;
        ofTopic.newest = message;
        if (!keepsNewest) {
            return message;
        }
        ofTopic.sinceNanos = clock.nanoTime();
        return ofTopic;
    }

    /** Whether it has to be known how many messages of a topic wait: to know which may go. */
    private boolean countsTopics() {
        return !isOfOneTopic && !keepsNewest;
    }

    @Override
    public boolean isFull(int messageBytes) {
        return size > 0 && (size >= options.maxQueued() || bytes + messageBytes > maxBytes);
    }

    /** Loses the oldest message, but if that is the only one of a state topic rather the oldest that a newer one has followed, if one is found. */
    @Override
    public boolean dropOldest() {
        int place = findFollowed();
        moveToFront(place);
        boolean dropped = takeFirst() != null;
        passed = place;
        if (dropped) {
            lose(LossCause.QUEUE_FULL);
        }
        return dropped;
    }

    /** Behind how many stands the one that may go; 0 also if none is found. Goes on from where it came last, and again from the oldest. */
    private int findFollowed() {
        int end = countsTopics() ? Math.min(size, MOST_PASSED) : 0;
        boolean fromOldest = passed == 0;
        while (looks > 0 && (passed < end || !fromOldest)) {
            if (passed >= end) {
                fromOldest = true;
                passed = 0;
            } else if (isNewestValue(slots[wrapped(oldest + passed)])) {
                passed++;
                looks--;
            } else {
                return passed;
            }
        }
        return 0;
    }

    private boolean isNewestValue(@Nullable Object entry) {
        if (!(entry instanceof RoutedMessage message)) {
            return false;
        }
        TopicState topic = message.topic();
        Waiting ofTopic = waiting.get(topic);
        return topic.isThinned() && topic != incoming && ofTopic != null && ofTopic.newest == message;
    }

    /** Those before it stand behind it then, in their order. */
    private void moveToFront(int place) {
        Object entry = slots[wrapped(oldest + place)];
        for (int i = place; i > 0; i--) {
            slots[wrapped(oldest + i)] = slots[wrapped(oldest + i - 1)];
        }
        slots[oldest] = entry;
    }

    private void lose(LossCause cause) {
        lost++;
        tally.lost(cause);
    }

    /** {@return how many messages were lost} */
    public long lost() {
        return lost;
    }

    private int wrapped(int slot) {
        return slot < slots.length ? slot : slot - slots.length;
    }

    private void grow() {
        @Nullable Object[] more = new @Nullable Object[slots.length + slots.length / 2];
        int tillEnd = slots.length - oldest;
        System.arraycopy(slots, oldest, more, 0, tillEnd);
        System.arraycopy(slots, 0, more, tillEnd, oldest);
        slots = more;
        oldest = 0;
    }

    private void hold(RatePacer ofRate, RoutedMessage message) {
        RoutedMessage former = ofRate.hold(message);
        heldBytes += message.envelope().size();
        if (former != null) {
            heldBytes -= former.envelope().size();
            tally.skipped();
        }
        while (heldBytes > maxBytes || ofRate.held() > options.maxQueued()) {
            release(ofRate); // earlier than it should: held ones are bounded
        }
    }

    private void release(RatePacer ofRate) {
        RoutedMessage next = ofRate.release();
        if (next != null) {
            heldBytes -= next.envelope().size();
            enqueue(next);
        }
    }

    /** Lets some messages that were held back wait now, those that are due. */
    public void releaseDue() {
        long now = clock.nanoTime();
        for (int i = 0; i < MESSAGES_A_STEP && holdsSome() && nextDueNanos() - now <= 0; i++) {
            release(pacer());
        }
    }

    /** Whether messages are held back until they are due. */
    public boolean holdsSome() {
        return pacer != null && pacer.held() > 0;
    }

    /** {@return when the next message that is held back is due, on the monotonic clock} There is one. */
    public long nextDueNanos() {
        return pacer().nextDueNanos();
    }

    private RatePacer pacer() {
        if (pacer == null) {
            throw new IllegalStateException("nothing is held back");
        }
        return pacer;
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Loses some of what is too old to be taken out next; returns whether there may be more of it. */
    public boolean dropsTooOld() {
        if (size == 0 || options.patienceNanos() == Long.MAX_VALUE) {
            return false;
        }
        long now = clock.nanoTime();
        for (int i = 0; i < MESSAGES_A_STEP; i++) {
            RoutedMessage first = first();
            if (first == null || !isTooOld(first, now)) {
                return false;
            }
            takeFirst();
            lose(LossCause.TOO_OLD);
        }
        return true;
    }

    private boolean isTooOld(RoutedMessage first, long now) {
        boolean isOld = now - first.arrivedNanos() > options.patienceNanos() && first.ordinal() > retainedUpTo;
        return isOld && (options.maxAgeNanos() > 0 || (first.topic().isThinned() && isFollowed(first)));
    }

    /** Whether a newer message of the same topic waits behind the first. */
    private boolean isFollowed(RoutedMessage first) {
        if (isOfOneTopic) {
            return size > 1;
        }
        Waiting ofTopic = waiting.get(first.topic());
        return ofTopic != null && ofTopic.messages > 1;
    }

    private @Nullable RoutedMessage first() {
        Object entry = slots[oldest];
        return entry instanceof Waiting place ? newestOf(place) : (RoutedMessage) entry;
    }

    private static RoutedMessage newestOf(Waiting place) {
        RoutedMessage newest = place.newest;
        if (newest == null) {
            throw new AssertionError("a place without a message");
        }
        return newest;
    }

    /** Takes the oldest message, to be heard now; null if none waits. */
    public @Nullable RoutedMessage poll() {
        RoutedMessage message = takeFirst();
        if (message != null && pacer != null) {
            pacer.sent(message.topic(), clock.nanoTime());
        }
        return message;
    }

    private @Nullable RoutedMessage takeFirst() {
        RoutedMessage message = first();
        if (message != null) {
            slots[oldest] = null;
            oldest = wrapped(oldest + 1);
            size--;
            passed = Math.max(0, passed - 1);
            bytes -= message.envelope().size();
            Waiting ofTopic = waiting.get(message.topic());
            if (ofTopic != null && --ofTopic.messages == 0) {
                waiting.remove(message.topic());
            }
        }
        return message;
    }

    /** Takes all, oldest first. */
    public List<RoutedMessage> takeAll() {
        List<RoutedMessage> all = new ArrayList<>(size);
        for (RoutedMessage next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    /** Forgets all, and returns how many there were. */
    public int clear() {
        int all = size;
        while (pacer != null && pacer.release() != null) {
            all++;
        }
        Arrays.fill(slots, null);
        waiting.clear();
        oldest = 0;
        size = 0;
        passed = 0;
        bytes = 0;
        heldBytes = 0;
        return all;
    }
}
