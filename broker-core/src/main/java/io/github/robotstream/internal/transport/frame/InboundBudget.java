package io.github.robotstream.internal.transport.frame;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all connections together may hold for messages not yet complete. Thread-safe, without a lock. */
public final class InboundBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    public InboundBudget(long limitBytes) {
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
