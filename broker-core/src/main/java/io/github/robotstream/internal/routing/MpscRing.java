package io.github.robotstream.internal.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many producers and one consumer, without locks: a producer that is preempted in the middle of an
 * offer keeps the consumer from what comes after it, but never another producer.
 */
final class MpscRing<E> {
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

    /** Puts an element in, unless the ring is full; any thread. */
    boolean offer(E element) {
        long place;
        do {
            place = tail.get();
            if (place - head.get() > mask) {
                return false;
            }
        } while (!tail.compareAndSet(place, place + 1));
        slots.set((int) place & mask, element);
        return true;
    }

    /** Takes the oldest element, or null if there is none that was put in whole; the consumer's thread. */
    @Nullable
    E poll() {
        long place = head.get();
        int slot = (int) place & mask;
        E element = slots.get(slot);
        if (element != null) {
            slots.setPlain(slot, null);
            head.set(place + 1);
        }
        return element;
    }

    /** Whether an offer has begun that was not taken yet; any thread. */
    boolean isEmpty() {
        return head.get() == tail.get();
    }

    int size() {
        return (int) (tail.get() - head.get());
    }
}
