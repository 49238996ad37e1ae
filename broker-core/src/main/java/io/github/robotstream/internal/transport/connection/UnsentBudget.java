package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The memory that the messages in all outbound lanes take. A large body that waits in several lanes, in whatever messages, is one in memory,
 * and counts once; a small one counts in each, as that is cheaper than to find out. Thread-safe; its lock is for large bodies only.
 */
final class UnsentBudget {
    private static final int BYTES_PER_MESSAGE = 48; // beside its content, so that tiny ones are bounded as well

    private final long limitBytes;
    private final LongSupplier nanoTime;
    private final AtomicLong heldBytes = new AtomicLong();
    private final IdentityHashMap<byte[], Integer> large = new IdentityHashMap<>();

    UnsentBudget(long limitBytes, LongSupplier nanoTime) {
        this.limitBytes = limitBytes;
        this.nanoTime = nanoTime;
    }

    void hold(OutboundMessage message) {
        byte[] body = message.body();
        boolean counts = body.length < SharedFrames.LEAST_BYTES || isFirst(body);
        heldBytes.addAndGet(ownBytes(message) + (counts ? body.length : 0));
    }

    void release(OutboundMessage message) {
        byte[] body = message.body();
        boolean counts = body.length < SharedFrames.LEAST_BYTES || wasLast(body);
        heldBytes.addAndGet(-ownBytes(message) - (counts ? body.length : 0));
    }

    private static long ownBytes(OutboundMessage message) {
        return (long) BYTES_PER_MESSAGE + message.head().length + message.tail().length;
    }

    boolean isExceeded() {
        return heldBytes.get() > limitBytes;
    }

    long heldBytes() {
        return heldBytes.get();
    }

    /** {@return the clock by which it is seen for how long a lane holds its messages} */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    private boolean isFirst(byte[] body) {
        synchronized (large) {
            return large.merge(body, 1, Integer::sum) == 1;
        }
    }

    private boolean wasLast(byte[] body) {
        synchronized (large) {
            return large.computeIfPresent(body, (same, lanes) -> lanes == 1 ? null : lanes - 1) == null;
        }
    }
}
