package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.HandshakeListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports faults that a client may be able to cause at will: the first at once, then one in {@value #QUIET_SECONDS} seconds with the number
 * of all; the stack goes only to the application's own log, on level debug. Thread-safe.
 */
public final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.github.robotstream.transport");
    private static final long QUIET_SECONDS = 5;
    private static final long QUIET_NANOS = QUIET_SECONDS * 1_000_000_000;

    private final LongSupplier nanoTime;
    private final HandshakeListener listener;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextAt;

    public FaultLog(LongSupplier nanoTime, HandshakeListener listener) {
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.nextAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Counts a fault, and reports it if it is due. Throws nothing, even for want of memory: the loops of threads call it.
     *
     * @param what a constant text, without anything that a client has sent
     */
    public void report(String what, Throwable fault) {
        long number = count.incrementAndGet();
        try {
            long now = nanoTime.getAsLong();
            long due = nextAt.get();
            if (now - due >= 0 && nextAt.compareAndSet(due, now + QUIET_NANOS)) {
                LOG.debug("{} (fault {} since the start)", what, number, fault);
                tell(what, fault, number);
            }
        } catch (Throwable noMemoryForIt) {
            // The next report has the number of all.
        }
    }

    private void tell(String what, Throwable fault, long number) {
        try {
            listener.onFault(what, fault, number);
        } catch (Throwable notHeard) {
            LOG.error("a fault of the transport could not be told: {}", what, notHeard);
        }
    }

    long count() {
        return count.get();
    }
}
