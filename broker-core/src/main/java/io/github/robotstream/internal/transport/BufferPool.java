package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Scratch buffers on the heap, all of one size. As many exist as threads use one at a time; of those not in use {@value #KEPT} are kept.
 * Any thread.
 */
final class BufferPool {
    private static final int KEPT = 4;

    private final int bytes;
    private final AtomicReferenceArray<@Nullable ByteBuffer> free = new AtomicReferenceArray<>(KEPT);

    BufferPool(int bytes) {
        this.bytes = bytes;
    }

    /** An empty one. */
    ByteBuffer take() {
        for (int i = 0; i < KEPT; i++) {
            ByteBuffer kept = free.get(i) == null ? null : free.getAndSet(i, null);
            if (kept != null) {
                return kept.clear();
            }
        }
        return ByteBuffer.allocate(bytes);
    }

    /** Where enough are kept, the garbage collector has it. */
    void giveBack(ByteBuffer used) {
        for (int i = 0; i < KEPT; i++) {
            if (free.compareAndSet(i, null, used)) {
                return;
            }
        }
    }
}
