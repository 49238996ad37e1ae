package io.github.robotstream.internal.worker;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects to be used again, each by one thread at a time; keeps {@value #KEPT} of those not in use. Any thread; nobody waits. */
public final class Pool<T> {
    private static final int KEPT = 4;

    private final AtomicReferenceArray<@Nullable T> free = new AtomicReferenceArray<>(KEPT);
    private final Supplier<T> maker;

    public Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else uses until {@link #giveBack}. */
    public T take() {
        for (int i = 0; i < KEPT; i++) {
            T kept = free.get(i) == null ? null : free.getAndSet(i, null);
            if (kept != null) {
                return kept;
            }
        }
        return maker.get();
    }

    /** Where enough are kept, the garbage collector has it. */
    public void giveBack(T used) {
        for (int i = 0; i < KEPT; i++) {
            if (free.compareAndSet(i, null, used)) {
                return;
            }
        }
    }
}
