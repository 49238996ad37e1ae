package io.github.robotstream.internal.session;

import java.util.concurrent.TimeUnit;

/**
 * Bounds the error frames of one session: ten a second, then one that sums up what was held back; a hundred errors in ten
 * seconds end the session, requests that only came too fast not counted. Broker thread.
 */
final class ErrorLimit {
    static final int FRAMES_A_SECOND = 10;
    static final int MOST_IN_WINDOW = 100;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long WINDOW = 10 * SECOND;

    /** What is to be done about an error. */
    enum Verdict {
        SEND,
        HOLD_BACK,
        END_SESSION
    }

    private static final long[] NONE = {};
    private long[] times = NONE; // most sessions never need it
    private long count;
    private long secondBegan;
    private int inSecond;
    private int heldBack;

    /**
     * Counts an error.
     *
     * @param ofHaste whether nothing was wrong with the request but that it came too fast
     */
    Verdict count(boolean ofHaste, long nowNanos) {
        if (!ofHaste && isEndless(nowNanos)) {
            return Verdict.END_SESSION;
        }
        if (inSecond == 0 || nowNanos - secondBegan >= SECOND) {
            secondBegan = nowNanos;
            inSecond = 0;
        }
        if (inSecond >= FRAMES_A_SECOND) {
            heldBack++;
            return Verdict.HOLD_BACK;
        }
        inSecond++;
        return Verdict.SEND;
    }

    private boolean isEndless(long nowNanos) {
        if (times == NONE) {
            times = new long[MOST_IN_WINDOW];
        }
        int slot = (int) (count % MOST_IN_WINDOW);
        boolean endless =
                count >= MOST_IN_WINDOW - 1 && nowNanos - times[(int) ((count + 1) % MOST_IN_WINDOW)] < WINDOW;
        times[slot] = nowNanos;
        count++;
        return endless;
    }

    /** How long until the error that sums up may be sent. */
    long nanosToSummary(long nowNanos) {
        return Math.max(0, secondBegan + SECOND - nowNanos);
    }

    /** How many errors were held back since this was asked last. */
    int takeHeldBack() {
        int n = heldBack;
        heldBack = 0;
        return n;
    }
}
