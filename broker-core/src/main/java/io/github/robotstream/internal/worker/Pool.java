package io.github.robotstream.internal.worker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects to be used again, each by one thread at a time; keeps the first {@value #KEPT}. Any thread; nobody waits. Each has a place for good, and
 * one number says which are free: a flush takes one and gives it back, and references that change hands would cost several times as much before
 * they are compiled.
 */
public final class Pool<T> {
    private static final int KEPT = 4;

    private final @Nullable Object[] places = new @Nullable Object[KEPT]; // each written once
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger free = new AtomicInteger(); // a bit for each place
    private final Supplier<T> maker;

    public Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else uses until {@link #giveBack}. */
    @SuppressWarnings("unchecked") // a place has what the maker made, from before its bit was set
    public T take() {
        for (int bits = free.get(); bits != 0; bits = free.get()) {
            int lowest = bits & -bits;
            if (free.compareAndSet(bits, bits ^ lowest)) {
                return (T) places[indexOf(lowest)];
            }
        }
        T another = maker.get();
        int place = made.get() < KEPT ? made.getAndIncrement() : KEPT;
        if (place < KEPT) {
            places[place] = another;
        }
        return another;
    }

    private static int indexOf(int bit) {
        int index = 0;
        while (1 << index != bit) {
            index++;
        }
        return index;
    }

    /** Others than the first are the garbage collector's. */
    public void giveBack(T used) {
        for (int i = 0; i < KEPT; i++) {
            if (places[i] == used) {
                int bits = free.get();
                while (!free.compareAndSet(bits, bits | 1 << i)) {
                    bits = free.get();
                }
                return;
            }
        }
    }
}
