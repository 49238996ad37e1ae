package io.github.robotstream.internal.worker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that many may hold together of one kind. Any thread, without a lock; of two that take at once where there is room for one, both may
 * be refused.
 */
public final class ByteBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    public ByteBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** False, and nothing reserved, if it does not fit. */
    public boolean tryReserve(long bytes) {
        if (heldBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    public long heldBytes() {
        return heldBytes.get();
    }
}
