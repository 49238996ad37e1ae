package io.github.robotstream.internal.routing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The places of messages of one priority in a {@link DeliveryQueue}: one order for all, and within it a chain for each subscription, so that
 * the oldest message of any subscription can be taken out of the middle. Messages of a run have one place together. Nothing is allocated for
 * a place; the arrays grow with what waits and keep the gaps that taking out leaves until they reach the front or the ring is full.
 */
final class EntryRing {
    private static final int FIRST_CAPACITY = 2;
    private static final int[] NONE_GONE = {};

    private @Nullable Object[] items = new @Nullable Object[FIRST_CAPACITY];
    private @Nullable Share[] owners = new @Nullable Share[FIRST_CAPACITY];
    private long[] nexts = new long[FIRST_CAPACITY];
    private int[] gone = NONE_GONE; // how many of several messages; as long as the others once there are several
    private long head;
    private long tail;
    private int used;

    /** The place of a topic's newest message, which a newer one may take. */
    static final class Slot {
        RoutedMessage message;

        Slot(RoutedMessage message) {
            this.message = message;
        }
    }

    /** Adds a message with its subscription, or a reply with none. */
    void append(Object item, @Nullable Share owner) {
        if (tail - head == items.length) {
            rebuild(used > items.length / 2 ? items.length * 2 : items.length);
        }
        place(item, owner);
    }

    /** Adds several messages with their subscription; the array never changes. */
    void append(RoutedMessage[] several, Share owner) {
        if (gone.length == 0) {
            gone = new int[items.length]; // first: what finds no memory changes nothing
        }
        append((Object) several, owner);
        gone[index(tail - 1)] = 0;
    }

    private void place(Object item, @Nullable Share owner) {
        int at = index(tail);
        items[at] = item;
        if (owners[at] != owner) { // most sessions have one subscription: its places stay its own
            owners[at] = owner;
        }
        nexts[at] = -1;
        if (owner != null) {
            if (owner.first < 0) {
                owner.first = tail;
            } else {
                nexts[index(owner.last)] = tail;
            }
            owner.last = tail;
            if (owner.looks < Share.MOST_LOOKS) {
                owner.looks += Share.LOOKS_EACH;
            }
        }
        tail++;
        used++;
    }

    boolean isEmpty() {
        return head == tail;
    }

    @Nullable
    Object first() {
        if (head == tail) {
            return null;
        }
        int at = index(head);
        Object item = items[at];
        if (item instanceof RoutedMessage) { // as it nearly always is
            return item;
        }
        if (item instanceof Slot slot) {
            return slot.message;
        }
        return item instanceof RoutedMessage[] several ? several[gone[at]] : item;
    }

    @Nullable
    Share firstOwner() {
        return owners[index(head)];
    }

    /** Takes out a reply that stands first. */
    void removeFirst() {
        clear(index(head));
    }

    /** Takes out the first message of a subscription, which has one. */
    RoutedMessage removeFirstOf(Share owner) {
        return removeNext(owner, -1);
    }

    /**
     * Takes out the message of a subscription, which has one, that its client misses least: the oldest, unless it is the newest value of its
     * topic and one that a newer one has followed is found behind it.
     */
    RoutedMessage removeLeastWantedOf(Share owner) {
        long before = findBeforeFollowed(owner);
        RoutedMessage removed = removeNext(owner, before);
        trim(before < 0 ? owner.first : nexts[index(before)]);
        return removed;
    }

    /** The place before the one whose message may go; -1 if that is the first. Goes on from where it came last, and again from the first. */
    private long findBeforeFollowed(Share owner) {
        if (owner.subscriber.filter().isExact()) {
            return -1;
        }
        boolean fromFirst = owner.passed < 0;
        while (owner.looks > 0) {
            long place = owner.passed < 0 ? owner.first : nexts[index(owner.passed)];
            if (place >= 0 && !isNewestValue(place)) {
                return owner.passed;
            }
            if (place < 0 && fromFirst) {
                break;
            }
            fromFirst |= place < 0;
            owner.passed = place;
            owner.looks--;
        }
        owner.passed = -1;
        return -1;
    }

    private boolean isNewestValue(long place) {
        int at = index(place);
        boolean isFollowedInPlace = items[at] instanceof RoutedMessage[] several && gone[at] + 1 < several.length;
        return !isFollowedInPlace && youngest(place).isNewestValue();
    }

    /** Takes out the first message behind a place of its chain, or of all if that is -1. */
    private RoutedMessage removeNext(Share owner, long before) {
        long place = before < 0 ? owner.first : nexts[index(before)];
        int at = index(place);
        if (items[at] instanceof RoutedMessage[] several) {
            RoutedMessage first = several[gone[at]];
            gone[at]++;
            if (gone[at] == several.length) {
                unchain(owner, before, place, at);
            }
            return first;
        }
        RoutedMessage message = messageOf(items[at]);
        owner.subscriber.forget(items[at]);
        unchain(owner, before, place, at);
        return message;
    }

    private static RoutedMessage messageOf(@Nullable Object item) {
        if (item instanceof RoutedMessage message) {
            return message;
        }
        if (item instanceof Slot slot) {
            return slot.message;
        }
        throw new AssertionError("a chain leads to a place without a message");
    }

    /** Whether a newer message of the same topic is known to stand behind the first of a subscription. */
    boolean isFirstFollowed(Share owner) {
        int at = index(owner.first);
        boolean byItsRun = items[at] instanceof RoutedMessage[] several && gone[at] + 1 < several.length;
        return byItsRun || (owner.subscriber.filter().isExact() && owner.first != owner.last);
    }

    /**
     * Takes out messages of a subscription that may go and have a newer one of their topic behind them. Of several that stand in one place
     * all go, or none.
     *
     * @param removed told each
     * @return whether there were any
     */
    boolean removeFollowed(Share owner, Predicate<RoutedMessage> mayGo, Consumer<RoutedMessage> removed) {
        Map<TopicState, Long> lastPlaces = new HashMap<>();
        for (long place = owner.first; place >= 0; place = nexts[index(place)]) {
            lastPlaces.put(youngest(place).topic(), place);
        }
        long before = -1;
        boolean any = false;
        for (long place = owner.first, next; place >= 0; place = next) {
            int at = index(place);
            next = nexts[at];
            RoutedMessage youngest = youngest(place);
            if (!mayGo.test(youngest) || Objects.requireNonNull(lastPlaces.get(youngest.topic())) == place) {
                before = place;
                continue;
            }
            tellEach(at, removed);
            owner.subscriber.forget(items[at]);
            unchain(owner, before, place, at);
            any = true;
        }
        return any;
    }

    private RoutedMessage youngest(long place) {
        Object item = items[index(place)];
        return item instanceof RoutedMessage[] several ? several[several.length - 1] : messageOf(item);
    }

    private void tellEach(int at, Consumer<RoutedMessage> action) {
        if (items[at] instanceof RoutedMessage[] several) {
            for (int i = gone[at]; i < several.length; i++) {
                action.accept(several[i]);
            }
        } else {
            action.accept(messageOf(items[at]));
        }
    }

    /** Keeps no more than twice what is left of the messages that stand in a place. */
    private void trim(long place) {
        int at = place < 0 ? -1 : index(place);
        if (at >= 0 && items[at] instanceof RoutedMessage[] several && 2 * gone[at] >= several.length) {
            items[at] = Arrays.copyOfRange(several, gone[at], several.length);
            gone[at] = 0;
        }
    }

    private void unchain(Share owner, long before, long place, int at) {
        long next = nexts[at];
        if (before < 0) {
            owner.first = next;
        } else {
            nexts[index(before)] = next;
        }
        if (next < 0) {
            owner.last = before;
        }
        if (owner.passed == place) {
            owner.passed = before;
        }
        clear(at);
    }

    /** The topics of a subscription's messages. */
    Set<TopicState> topicsOf(Share owner) {
        Set<TopicState> topics = new HashSet<>();
        for (long place = owner.first; place >= 0; place = nexts[index(place)]) {
            topics.add(youngest(place).topic());
        }
        return topics;
    }

    /** Gives the messages of a subscription to others, in the places where they stand; those for which there is none stay. */
    void giveAway(Share from, Function<RoutedMessage, @Nullable Share> heirs) {
        for (long place = from.first; place >= 0; place = nexts[index(place)]) {
            int at = index(place);
            Share heir = heirOf(items[at], at, heirs);
            owners[at] = heir == null ? from : heir;
        }
        from.first = -1;
        from.last = -1;
        from.passed = -1;
        rebuild(items.length);
    }

    private @Nullable Share heirOf(@Nullable Object item, int at, Function<RoutedMessage, @Nullable Share> heirs) {
        if (!(item instanceof RoutedMessage[] several)) {
            return heirs.apply(messageOf(item));
        }
        Share heir = null;
        for (int i = gone[at]; i < several.length; i++) {
            heir = heirs.apply(several[i]); // the same for all: they are of one topic
        }
        return heir;
    }

    private void clear(int at) {
        items[at] = null;
        used--;
        while (head < tail && items[index(head)] == null) {
            head++;
        }
    }

    private int index(long place) {
        return (int) place & (items.length - 1);
    }

    private void rebuild(int capacity) {
        @Nullable Object[] oldItems = items;
        @Nullable Share[] oldOwners = owners;
        int[] oldGone = gone;
        long from = head;
        long to = tail;
        @Nullable Object[] newItems = new @Nullable Object[capacity];
        @Nullable Share[] newOwners = new @Nullable Share[capacity];
        long[] newNexts = new long[capacity];
        gone = gone.length == 0 ? gone : new int[capacity];
        // Nothing has changed until there is memory for all of them.
        items = newItems;
        owners = newOwners;
        nexts = newNexts;
        head = 0;
        tail = 0;
        used = 0;
        int mask = oldItems.length - 1;
        for (long place = from; place < to; place++) {
            Share owner = oldOwners[(int) place & mask];
            if (owner != null) {
                owner.first = -1;
                owner.last = -1;
                owner.passed = -1;
            }
        }
        for (long place = from; place < to; place++) {
            Object item = oldItems[(int) place & mask];
            if (item != null) {
                place(item, oldOwners[(int) place & mask]);
                if (item instanceof RoutedMessage[]) {
                    gone[index(tail - 1)] = oldGone[(int) place & mask];
                }
            }
        }
    }
}
