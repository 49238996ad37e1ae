package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a client that is late has a longer way by now, by single messages that are marked where nothing else is unread. A library
 * that has stopped reading answers the first when its application has used up most of what it holds, and the second at once.
 *
 * <p>Routes change, so a late client is probed more than once, and half as often each time it was for nothing. Not thread-safe.
 */
final class RouteProbes {
    private static final int PROBES = 2;
    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MOST_NANOS = 8 * LEAST_NANOS;

    private int left; // still to be answered
    private long firstMark;
    private boolean any; // since the client fell behind
    private long mayBeginAt;
    private long interval = LEAST_NANOS;

    /** Whether single messages are to be sent. */
    boolean areOut() {
        return left > 0;
    }

    /**
     * The client is late. At first it is probed at once.
     *
     * @param nextMark the number of the next mark that is sent
     */
    void late(long nextMark, long now) {
        if (left == 0 && (!any || now - mayBeginAt >= 0)) {
            any = true;
            left = PROBES;
            firstMark = nextMark;
            mayBeginAt = now + interval;
        }
    }

    /** {@return whether the way was measured, by the mark that was answered now} */
    boolean measures(long mark) {
        if (left == 0 || mark < firstMark) {
            return false;
        }
        left--;
        return left == 0;
    }

    /** What was measured: whether the way has become longer. */
    void measured(boolean longer) {
        interval = longer ? LEAST_NANOS : Math.min(2 * interval, MOST_NANOS);
    }

    /** The client keeps up. */
    void keepsUp() {
        any = false;
        interval = LEAST_NANOS;
    }
}
