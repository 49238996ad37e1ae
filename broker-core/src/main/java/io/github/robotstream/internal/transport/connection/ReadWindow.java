package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.TimeUnit;

/**
 * How much one client may have unread: what it reads within a target time at its own pace. The buffers of the kernel and of the client's
 * library hold minutes of small messages, and what waits there is delivered late, out of reach of the queue's policies.
 *
 * <p>A WebSocket library answers a ping when it reads it (RFC 6455 section 5.5.2), and stops reading when its application falls behind. So
 * what is sent is marked with pings, whose payload is the mark's number: a pong tells how far the client has read, and the delay, which is
 * the time that took beyond the least round trip. A delay above the target shrinks the window to what would have met it, a shorter one lets
 * it grow: twice as large each round trip where it is used and no delay is seen, half as large again once the client was late, else by a
 * twentieth for each mark. While the oldest mark is late nothing is sent. A window past {@link #MOST_BYTES} is none; two marks a second, while data flows,
 * then notice a client that slows down.
 *
 * <p>A client that has never answered a mark is given twice as much after each {@link #PATIENCE_NANOS}: a library without pongs is served
 * too, with data as old as the kernel lets it become. Nor is anything held back while the client is not read, as its pongs are not seen
 * then, and what it is to be sent may be what it waits for.
 *
 * <p>What a client gains by false pongs is older data for itself. Not thread-safe; the caller's lock guards it. Times are of a monotonic
 * clock, sizes in bytes of frames.
 */
final class ReadWindow {
    static final int FIRST_BYTES = 16 * 1024;
    static final int MOST_BYTES = 4 * 1024 * 1024;
    static final int MOST_MARKS = 8; // on their way

    /**
     * With less, a client whose pongs are late because the broker or its machine is overloaded by others would be held back, and would lose
     * what it has time to read.
     */
    private static final int LEAST_BYTES = 16 * 1024;

    private static final long NO_LIMIT = Long.MAX_VALUE;
    /** No message may be sent, however small and whatever was read. */
    private static final long CLOSED = -1;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_DOUBLINGS = 20;
    /** Between two marks of a client that has been late, at most. */
    private static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Between two marks of one that keeps up. */
    private static final long SPARSE_MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** A round trip counts for one to two of these: routes change. */
    private static final long ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long targetNanos;
    private long room; // at the last look, less what was sent since
    private long sent;
    private long read;
    private long window = FIRST_BYTES;
    private boolean wasLate;
    private long mayLeap; // the first mark that was sent since the window grew by a half or more
    private boolean answers;
    private boolean paused;
    private long firstTimed; // the first mark that was sent since the client is read again
    private boolean drains; // what is unread is waited for, to measure a round trip without it

    // The marks on their way, in rings; a mark's number tells its place.
    private final long[] markedAt = new long[MOST_MARKS];
    private final long[] markedSent = new long[MOST_MARKS];
    private final long[] markedUnread = new long[MOST_MARKS];
    private final long[] stamps = new long[MOST_MARKS];
    private long oldest;
    private long next;
    private long readStamp;
    private long lastMarkAt;
    private long firstMarkAt;

    private long leastRoundTrip = Long.MAX_VALUE; // of this period
    private long leastBefore = Long.MAX_VALUE; // of the period before
    private long periodAt;

    /** @param targetNanos 0 for no window and no marks */
    ReadWindow(long targetNanos) {
        this.targetNanos = targetNanos;
    }

    /** Finds out how much may be sent now, for {@link #admits}. */
    void look(long now) {
        room = roomAt(now);
    }

    private long roomAt(long now) {
        if (targetNanos == 0 || paused) {
            return NO_LIMIT;
        }
        if (!answers) {
            return patience(now) - unread();
        }
        drains &= unread() > 0;
        if (drains || isLate(now)) {
            return CLOSED;
        }
        return window == NO_LIMIT ? NO_LIMIT : Math.max(0, window - unread());
    }

    private long patience(long now) {
        long doublings = hasMarks() ? (now - firstMarkAt) / PATIENCE_NANOS : 0;
        return doublings > MOST_DOUBLINGS ? NO_LIMIT : (long) FIRST_BYTES << doublings;
    }

    private boolean isLate(long now) {
        return hasMarks() && oldest >= firstTimed && now - markedAt[place(oldest)] - targetNanos > roundTrip();
    }

    /** Whether a message may be sent: it fits, or nothing is unread. */
    boolean admits(int bytes) {
        return bytes <= room || (room >= 0 && unread() == 0);
    }

    private long unread() {
        return sent - read;
    }

    /** A message is sent. */
    void sent(int bytes) {
        sent += bytes;
        room -= bytes;
    }

    /** The client is not read from now on, or is read again: a pong that came meanwhile tells no time. */
    void paused(boolean on) {
        paused = on;
        firstTimed = next;
    }

    /**
     * Whether a mark is to be sent behind what was sent.
     *
     * @param refused whether a message waits for room
     */
    boolean isMarkDue(long now, boolean refused) {
        long unmarked = sent - (next == 0 ? 0 : markedSent[place(next - 1)]);
        if (targetNanos == 0 || unmarked == 0 || next - oldest == MOST_MARKS) {
            return false;
        }
        if (next == 0 || (refused && !hasMarks())) {
            return true;
        }
        return unmarked >= window / 4 || now - lastMarkAt >= (wasLate ? MARK_NANOS : SPARSE_MARK_NANOS);
    }

    /**
     * Returns the number of a mark that is sent now.
     *
     * @param stamp what {@link #readStamp} is once it is answered
     */
    long mark(long now, long stamp) {
        if (next == 0) {
            firstMarkAt = now;
            periodAt = now;
        }
        int at = place(next);
        markedAt[at] = now;
        markedSent[at] = sent;
        markedUnread[at] = unread();
        stamps[at] = stamp;
        lastMarkAt = now;
        return next++;
    }

    /** A pong with a number has come. Returns whether it is that of a mark on its way; others count for nothing. */
    boolean answered(long number, long now) {
        if (number < oldest || number >= next) {
            return false;
        }
        int at = place(number);
        oldest = number + 1;
        readStamp = stamps[at];
        read = markedSent[at];
        answers = true;
        if (number >= firstTimed) {
            long took = now - markedAt[at];
            leastRoundTrip = Math.min(leastRoundTrip, took);
            resize(number, took - roundTrip(), markedUnread[at]);
            forgetOldRoundTrips(now);
        }
        return true;
    }

    /** {@return the stamp of the mark that was answered last} */
    long readStamp() {
        return readStamp;
    }

    private void resize(long number, long delay, long unread) {
        if (delay > targetNanos) {
            wasLate = true;
            window = Math.min(window, Math.max(LEAST_BYTES, (long) ((double) unread * targetNanos / delay)));
        } else if (window != NO_LIMIT) {
            if (number >= mayLeap && 2 * unread >= window && delay < targetNanos / 8) {
                window = wasLate ? window / 2 * 3 : 2 * Math.max(window, unread);
                mayLeap = next;
            } else {
                window = (long) (window * (1.05 - 0.05 * delay / targetNanos)) + 16;
            }
            if (window > MOST_BYTES) {
                window = NO_LIMIT;
                wasLate = false;
            }
        }
    }

    private void forgetOldRoundTrips(long now) {
        if (now - periodAt >= ROUND_TRIP_NANOS) {
            periodAt = now;
            leastBefore = leastRoundTrip;
            leastRoundTrip = Long.MAX_VALUE;
            drains = wasLate;
        }
    }

    private long roundTrip() {
        return Math.min(leastRoundTrip, leastBefore);
    }

    private boolean hasMarks() {
        return next > oldest;
    }

    private static int place(long mark) {
        return (int) (mark % MOST_MARKS);
    }
}
