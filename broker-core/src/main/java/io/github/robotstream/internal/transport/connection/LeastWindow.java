package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.TimeUnit;

/**
 * The least that a {@link ReadWindow} shrinks to: as little as costs no throughput. A late pong does not tell whether the client is slow, or
 * the way to it and back, for instance because one of the machines is busy. But a smaller window makes only the way carry less: what a slow
 * client takes a second stays the same.
 *
 * <p>So after each second in which late pongs asked for less, the least window is a quarter of what it was. If the client then reads less than
 * before, the least window is as large as ever again, and stays so for {@link #FIRST_REST} seconds, twice as many each further time.
 *
 * <p>Where what waits is conflated the least window begins as small as it may be, and is larger only after that cost throughput. Not
 * thread-safe; times are of a monotonic clock.
 */
final class LeastWindow {
    static final int MOST_BYTES = 16 * 1024;
    static final int MOST_CONFLATED_BYTES = 4 * 1024;
    static final int LEAST_BYTES = 1536;

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FIRST_REST = 10; // periods
    private static final int LONGEST_REST = 80;
    /** How much of the best rate is no loss of throughput: a library that reads ahead takes its messages in bursts. */
    private static final double AS_MUCH = 0.7;

    private int most = MOST_BYTES;
    private int bytes = most;
    private boolean lessIsWanted;
    private boolean begun;
    private long periodAt;
    private long readBefore;
    private double bestRate; // in bytes a nanosecond; 0 until one is known
    private int rest;
    private int nextRest = FIRST_REST;

    /** {@return the least window in bytes} */
    long bytes() {
        return bytes;
    }

    /** Whether less than at first has cost no throughput so far: it is the client that is slow. */
    boolean isSmall() {
        return bytes < most;
    }

    /** A late pong asks for a window of so many bytes. */
    void wants(long wanted) {
        lessIsWanted |= wanted < bytes;
    }

    /** A pong has come: the client has read so many bytes in all. */
    void read(long read, long now) {
        if (begun && now - periodAt >= PERIOD_NANOS) {
            judge((double) (read - readBefore) / (now - periodAt));
        } else if (begun) {
            return;
        }
        begun = true;
        lessIsWanted = false;
        periodAt = now;
        readBefore = read;
    }

    private void judge(double rate) {
        if (lessIsWanted && rate < AS_MUCH * bestRate) {
            bytes = most;
            rest = nextRest;
            nextRest = Math.min(LONGEST_REST, 2 * nextRest);
        } else if (rest > 0) {
            rest--;
        } else if (lessIsWanted) {
            bytes = Math.max(LEAST_BYTES, bytes / 4);
        }
        bestRate = bytes == most ? rate : Math.max(bestRate, rate);
    }

    /** Begins anew: the client is late no more, or what waits is conflated from now on, or is not. */
    void reset(boolean conflated) {
        most = conflated ? MOST_CONFLATED_BYTES : MOST_BYTES;
        bytes = conflated ? LEAST_BYTES : most;
        bestRate = conflated ? 0 : bestRate; // else the next second's takes its place
        rest = 0;
        nextRest = FIRST_REST;
    }
}
