package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How often the {@link ReadWindow}s of clients that keep up are marked, while data flows: twice a second, and less often where so many clients
 * would send more than {@value #MOST_A_SECOND} pongs together, but each once in two seconds. Where there are so many, the first mark of one waits
 * for its time as well: a message for all that have just come would ask all of them at once. Thread-safe.
 */
final class MarkInterval {
    static final long LEAST_NANOS = 500_000_000;
    static final long MOST_NANOS = 4 * LEAST_NANOS;

    private static final int MOST_A_SECOND = 1_000;
    private static final long NANOS_A_CLIENT = 1_000_000_000 / MOST_A_SECOND;

    /** By the golden ratio, the phases of any number of clients lie about as far apart as they can. */
    private static final long PHASE_STEP_NANOS = (long) (LEAST_NANOS * (Math.sqrt(5) - 1) / 2);

    private final AtomicLong phases = new AtomicLong();
    private volatile long nanos = LEAST_NANOS;

    /** There are so many clients. */
    void clients(int count) {
        nanos = Math.max(LEAST_NANOS, Math.min(count * NANOS_A_CLIENT, MOST_NANOS));
    }

    /** {@return where in each interval the marks of a further client fall} */
    long nextPhase() {
        return phases.getAndAdd(PHASE_STEP_NANOS);
    }

    /** {@return whether there are so few clients that a further one may be marked at once} */
    boolean isShortest() {
        return nanos == LEAST_NANOS;
    }

    /** {@return how far apart the marks of one client are} */
    long nanos() {
        return nanos;
    }
}
