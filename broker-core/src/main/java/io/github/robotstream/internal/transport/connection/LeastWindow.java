package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.TimeUnit;

/**
 * The least that a {@link ReadWindow} shrinks to: what the client reads in {@link #REACH_NANOS}, as it was measured in the last seconds. A
 * late pong does not tell whether the client is slow, or the way to it and back, for instance because one of the machines is busy; and a
 * window of less than is read while a pong comes back would make the way carry less. For a slow client it is little, whatever the size of its
 * messages.
 *
 * <p>A library reads ahead in bursts: it takes all that its socket holds, and then nothing until its application has used that up. So what is
 * read is measured between the ends of bursts, when the library holds the same.
 *
 * <p>Not thread-safe; times are of a monotonic clock.
 */
final class LeastWindow {
    static final int MOST_BYTES = 16 * 1024;
    static final int MOST_CONFLATED_BYTES = 4 * 1024;
    static final int LEAST_BYTES = 768;

    private static final long REACH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CONFLATED_REACH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MEASURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Pongs that come closer belong to one burst, unless a measurement has become twice as long. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** The best rate counts for one to two of these: clients become slower. */
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** So long after it was late again a client counts as slow. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long NEVER = Long.MAX_VALUE;

    private boolean conflated;

    private boolean begun;
    private boolean measures;
    private long measureAt;
    private long readBefore;
    private long lastAt; // when the last pong came
    private long lastRead; // and how much had been read

    private double rate; // the best of this period, in bytes a nanosecond
    private double rateBefore; // of the period before
    private long rateAt; // when this period began

    private long lateAgain = NEVER; // the first mark that was sent since a late pong had come
    private boolean slow;
    private long slowAt;

    /** Whether a newer message takes the place of one that waits: then less may be unread. */
    void conflated(boolean on) {
        conflated = on;
    }

    /** {@return the least window in bytes} */
    long bytes() {
        double read = Math.max(rate, rateBefore) * (conflated ? CONFLATED_REACH_NANOS : REACH_NANOS);
        return (long) Math.max(LEAST_BYTES, Math.min(read, conflated ? MOST_CONFLATED_BYTES : MOST_BYTES));
    }

    /** Whether it is the client that is slow, and not its way that had a gap: it was late, and with what was sent after that as well. */
    boolean isSlow() {
        return slow;
    }

    /**
     * The pong to a mark is late.
     *
     * @param next the number of the next mark
     */
    void late(long mark, long next, long now) {
        if (mark >= lateAgain) {
            slow = true;
            slowAt = now;
        }
        if (mark >= lateAgain || lateAgain == NEVER) {
            lateAgain = next;
        }
    }

    /** A pong has come: the client has read so many bytes in all. */
    void read(long read, long now) {
        if (!begun) {
            begun = true;
            measureAt = now;
            rateAt = now;
        } else if (now - lastAt > BURST_NANOS || now - measureAt > 2 * MEASURE_NANOS) {
            burstEnds(now);
        }
        lastRead = read;
        lastAt = now;
        slow &= now - slowAt < SLOW_NANOS;
    }

    private void burstEnds(long now) {
        if (measures && lastAt - measureAt < MEASURE_NANOS) {
            return;
        }
        if (measures) {
            measured((double) (lastRead - readBefore) / (lastAt - measureAt), now);
        }
        measures = true; // from the end of the first burst on
        readBefore = lastRead;
        measureAt = lastAt;
    }

    private void measured(double newest, long now) {
        if (now - rateAt >= RATE_NANOS) {
            rateAt = now;
            rateBefore = rate;
            rate = 0;
        }
        rate = Math.max(rate, newest);
    }
}
