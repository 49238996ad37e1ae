package io.github.robotstream.internal.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many producers and one consumer, without locks: a producer that is preempted in the middle of an
 * offer keeps the consumer from what comes after it, but never another producer.
 *
 * <p>Elements have places, numbered from 0 in the order in which they will be taken.
 */
final class MpscRing<E> {
    /** No place: the ring is full. */
    static final long FULL = -1;

    private final AtomicReferenceArray<@Nullable E> slots;
    private final int mask;
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();

    /**
     * An empty ring.
     *
     * @param capacity how many elements it holds, rounded up to a power of two
     */
    MpscRing(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
        slots = new AtomicReferenceArray<>(size);
        mask = size - 1;
    }

    /** Puts an element in and returns its place, or {@link #FULL}; any thread. */
    long offer(E element) {
        long place;
        do {
            place = tail.get();
            if (place - head.get() > mask) {
                return FULL;
            }
        } while (!tail.compareAndSet(place, place + 1));
        slots.set((int) place & mask, element);
        return place;
    }

    /** The oldest element, or null if there is none that was put in whole; the consumer's thread. */
    @Nullable
    E peek() {
        return slots.get((int) head.get() & mask);
    }

    /** Takes out what {@link #peek} gave; the consumer's thread. */
    void remove() {
        long place = head.get();
        // Before the head moves on: from then on the slot is the next producer's.
        slots.setPlain((int) place & mask, null);
        head.set(place + 1);
    }

    /** The place of the oldest element, or of the next that will be offered; all before it were taken. */
    long head() {
        return head.get();
    }

    /** Whether all was taken of which the offer has begun; any thread. */
    boolean isEmpty() {
        return head.get() == tail.get();
    }

    int size() {
        return (int) (tail.get() - head.get());
    }
}
