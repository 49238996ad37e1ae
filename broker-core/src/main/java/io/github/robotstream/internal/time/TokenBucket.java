package io.github.robotstream.internal.time;

/**
 * A token bucket, as the time at which it will be full again. One number, and no drift: what is taken puts that time off by its share of a
 * second. For one thread at a time.
 */
public final class TokenBucket {
    private static final double SECOND = 1e9;

    private double nanosEach;
    private long depthNanos;
    private long fullAtNanos;

    /** A full bucket of so many tokens, which fills up with so many a second. */
    public TokenBucket(int perSecond, int depth, long nowNanos) {
        this.nanosEach = SECOND / perSecond;
        this.depthNanos = (long) (depth * nanosEach);
        this.fullAtNanos = nowNanos;
    }

    /**
     * Takes a token if there is one.
     *
     * @return 0, or how long to wait for it
     */
    public long tryTake(long nowNanos) {
        return tryTake(1, nowNanos);
    }

    /**
     * Takes that many tokens if they are there, else none.
     *
     * @return 0, or how long to wait for them
     */
    public long tryTake(int tokens, long nowNanos) {
        long full = later(nowNanos) + (long) (tokens * nanosEach);
        long wait = full - nowNanos - depthNanos;
        if (wait > 0) {
            return wait;
        }
        fullAtNanos = full;
        return 0;
    }

    /**
     * Takes tokens, and runs into debt for those that are not there.
     *
     * @return how long until the debt is paid, or 0
     */
    public long take(int tokens, long nowNanos) {
        fullAtNanos = later(nowNanos) + (long) (tokens * nanosEach);
        return Math.max(0, fullAtNanos - nowNanos - depthNanos);
    }

    /** Another size and rate; so many tokens as lack lack still, at most all. */
    public void change(int perSecond, int depth, long nowNanos) {
        double lacking = Math.min(depth, (later(nowNanos) - nowNanos) / nanosEach);
        nanosEach = SECOND / perSecond;
        depthNanos = (long) (depth * nanosEach);
        fullAtNanos = nowNanos + (long) (lacking * nanosEach);
    }

    /** Whether no token lacks: such a bucket is like a new one. */
    public boolean isFull(long nowNanos) {
        return fullAtNanos - nowNanos <= 0;
    }

    private long later(long nowNanos) {
        return fullAtNanos - nowNanos > 0 ? fullAtNanos : nowNanos;
    }
}
