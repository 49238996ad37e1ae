package io.github.robotstream.internal.transport;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The buffers in which small frames are put together for one write. As many exist as threads write at a time; of those not in use
 * {@value #KEPT} are kept. Any thread.
 */
final class WriteBuffers {
    private static final int KEPT = 4;

    /** For messages that are too large to be put together. */
    final SharedFrames large = new SharedFrames();

    private final AtomicReferenceArray<@Nullable Staging> free = new AtomicReferenceArray<>(KEPT);

    Staging take() {
        for (int i = 0; i < KEPT; i++) {
            Staging kept = free.get(i) == null ? null : free.getAndSet(i, null);
            if (kept != null) {
                return kept;
            }
        }
        return new Staging();
    }

    /** Where enough are kept, the garbage collector has it. */
    void giveBack(Staging used) {
        for (int i = 0; i < KEPT; i++) {
            if (free.compareAndSet(i, null, used)) {
                return;
            }
        }
    }
}
