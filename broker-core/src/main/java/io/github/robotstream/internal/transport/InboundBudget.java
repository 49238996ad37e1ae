package io.github.robotstream.internal.transport;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all connections together may hold for messages not yet complete. Thread-safe, without a lock. */
final class InboundBudget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    InboundBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes all of it or, when it does not fit, nothing. */
    boolean tryReserve(long bytes) {
        if (heldBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        heldBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    long heldBytes() {
        return heldBytes.get();
    }
}
