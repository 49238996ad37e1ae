package io.github.robotstream.internal.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many producers and one consumer, without locks. Elements have places, numbered from 0 in the order in which
 * they will be taken. Between the reservation of a place and the plain store that fills it stands no call and no allocation, so
 * nothing can be thrown there: a place that stayed empty would hold up the consumer for ever.
 */
final class MpscRing<E> {
    /** No place: the ring is full. */
    static final long FULL = -1;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] slots;
    private final int mask;
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong head = new AtomicLong();
    /** The tail, as far as the consumer has seen it. */
    private long seenTail;

    /** {@code capacity} is rounded up to a power of two. */
    MpscRing(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
        slots = new @Nullable Object[size];
        mask = size - 1;
    }

    /**
     * Returns the element's place, or {@link #FULL}; any thread. Raises {@code afterLast} above the place before the element is
     * in.
     */
    long offer(E element, AtomicLong afterLast) {
        @Nullable Object[] all = slots;
        int wrap = mask;
        long place;
        do {
            place = tail.get();
            if (place - head.get() > wrap) {
                return FULL;
            }
            raise(afterLast, place + 1);
        } while (!tail.compareAndSet(place, place + 1));
        all[(int) place & wrap] = element;
        return place;
    }

    private static void raise(AtomicLong number, long to) {
        long present = number.get();
        while (present < to && !number.compareAndSet(present, to)) {
            present = number.get();
        }
    }

    /** The oldest element, or null if there is none that was put in whole; the consumer's thread. */
    @Nullable
    E peek() {
        long place = head.get();
        if (place == seenTail) {
            seenTail = tail.get();
            if (place == seenTail) {
                return null;
            }
        }
        @SuppressWarnings("unchecked") // nothing else is put in
        E element = (E) SLOT.getAcquire(slots, (int) place & mask);
        return element;
    }

    /** Takes out what {@link #peek} gave; the consumer's thread. */
    void remove() {
        long place = head.get();
        // Before the head moves on: from then on the slot is the next producer's.
        slots[(int) place & mask] = null;
        head.set(place + 1);
    }

    /** The place of the oldest element, or of the next that will be offered; all before it were taken. */
    long head() {
        return head.get();
    }

    /** The place of the next element that will be offered; any thread. */
    long tail() {
        return tail.get();
    }

    /** Whether all was taken of which the offer has begun; any thread. */
    boolean isEmpty() {
        return head.get() == tail.get();
    }

    int size() {
        return (int) (tail.get() - head.get());
    }
}
