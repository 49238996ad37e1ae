package io.github.robotstream.internal.transport.connection;

/**
 * How often the {@link ReadWindow}s of clients that keep up are marked, while data flows: twice a second, and less often where so many clients
 * would send more than {@value #MOST_A_SECOND} pongs together. Thread-safe.
 */
final class MarkInterval {
    static final long LEAST_NANOS = 500_000_000;
    static final long MOST_NANOS = 4 * LEAST_NANOS;

    private static final int MOST_A_SECOND = 2_500;
    private static final long NANOS_A_CLIENT = 1_000_000_000 / MOST_A_SECOND;

    private volatile long nanos = LEAST_NANOS;

    /** There are so many clients. */
    void clients(int count) {
        nanos = Math.max(LEAST_NANOS, Math.min(count * NANOS_A_CLIENT, MOST_NANOS));
    }

    /** {@return how far apart the marks of one client are} */
    long nanos() {
        return nanos;
    }
}
