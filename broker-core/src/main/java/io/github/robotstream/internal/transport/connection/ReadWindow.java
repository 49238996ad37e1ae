package io.github.robotstream.internal.transport.connection;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much one client may have unread: what it reads within a target time at its own pace. The buffers of the kernel and of the client's
 * library hold minutes of small messages, and what waits there is delivered late, out of reach of the queue's policies.
 *
 * <p>A WebSocket library answers a ping when it reads it (RFC 6455 section 5.5.2), and stops reading when its application falls behind. So
 * what is sent is marked with pings, whose payload is the mark's number: a pong tells how far the client has read, and the delay, which is
 * the time that took beyond the least round trip. A delay above the target shrinks the window to what would have met it, and to no less
 * than the {@link LeastWindow}; a shorter one lets it grow: twice as large each round trip where it is used and no delay is seen, half as
 * large again once the client was late, else by a twentieth in each target time. While the oldest mark is late nothing is sent. A window past
 * {@link #MOST_BYTES} is none; a mark each {@link MarkInterval}, while data flows, then notices a client that slows down. Each client's fall
 * at times of its own: a message for thousands would else ask all of them at once, and wait behind their pongs.
 *
 * <p>Where what waits is conflated, as a newer message takes the place of an older one, the window begins small, stays so for a second or
 * {@link #PROVING_MARKS} marks, and then grows by a quarter each round trip: what a library reads ahead of its application looks prompt
 * until that is full, and a client that keeps up loses nothing by waiting.
 *
 * <p>A client that has never answered a mark is given twice as much after each {@link #PATIENCE_NANOS}: a library without pongs is served
 * too, with data as old as the kernel lets it become. Nor is anything held back while the client is not read, as its pongs are not seen
 * then, and what it is to be sent may be what it waits for.
 *
 * <p>The way may have become longer, and not the client slower. So when it is late it is probed, with single messages where nothing else is
 * unread.
 *
 * <p>What a client gains by false pongs is older data for itself. Not thread-safe; the caller's lock guards it. Times are of a monotonic
 * clock, sizes in bytes of frames.
 */
final class ReadWindow {
    static final int FIRST_BYTES = 8 * 1024;
    static final int FIRST_CONFLATED_BYTES = 2 * 1024;
    static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final long NO_LIMIT = Long.MAX_VALUE;
    /** No message may be sent, however small and whatever was read. */
    private static final long CLOSED = -1;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_DOUBLINGS = 20;
    /** How long a window stays as it begins where what waits is conflated, from the first pong, or for how many marks. */
    private static final long PROVING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int PROVING_MARKS = 64;
    /** Between two marks of a client that was late a moment ago, at most. */
    private static final long MARK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** So many target times after a late mark the window grows again: a library that reads ahead is prompt between. */
    private static final int LATE_TARGETS = 5;
    /** By so many twentieths a pong lets the window grow at the most. */
    private static final int MOST_TWENTIETHS = 5;

    private final long targetNanos;
    private final MarkInterval sparse; // of one that keeps up
    private final long phaseNanos;
    private long room; // at the last look, less what was sent since
    private long stretch; // at the last look: so much may be sent without a mark behind it
    private long sent;
    private long read;
    private long window = FIRST_BYTES;
    private final LeastWindow least = new LeastWindow();
    private long longestTook; // of the last marks
    private long readDelay; // at the last pong: it is asked for with each flush
    private boolean conflated;
    private boolean proves; // from the next pong on the window stays as it is for a time
    private long provenMark; // if none was late before
    private boolean wasLate;
    private long lateAt; // when the last late pong came
    private long growsAt; // at the earliest
    private long mayLeap; // the first mark that was sent since the window grew by a half or more
    private boolean answers;
    private boolean paused;
    private long firstTimed; // the first mark that was sent since the client is read again

    private final Marks marks = new Marks();
    private long readStamp;
    private long lastMarkAt;
    private long dueAt; // the next mark of a client that keeps up

    private long firstMarkAt;
    private long roundTrip = Long.MAX_VALUE; // the least since it was probed last, or ever
    private @Nullable RouteProbes probes; // of a client that has been late

    /**
     * @param targetNanos 0 for no window and no marks
     * @param phaseNanos where in each interval the times for marks fall
     */
    ReadWindow(long targetNanos, MarkInterval sparse, long phaseNanos) {
        this.targetNanos = targetNanos;
        this.sparse = sparse;
        this.phaseNanos = phaseNanos;
    }

    /** Whether a newer message takes the place of one that waits. A window that has begun begins anew, unless there is none by now. */
    void conflated(boolean on) {
        if (on == conflated) {
            return;
        }
        conflated = on;
        least.conflated(on);
        if (window != NO_LIMIT) {
            window = on ? FIRST_CONFLATED_BYTES : Math.max(window, FIRST_BYTES);
            proves = on;
        }
    }

    /** Whether it is small because it has just begun where what waits is conflated, and not because the client was late. */
    boolean opens() {
        return conflated && answers && !wasLate && window != NO_LIMIT;
    }

    /** Finds out how much may be sent now, for {@link #admits}. */
    void look(long now) {
        if (unmarked() == 0) {
            long interval = sparse.nanos();
            dueAt = now + interval - Math.floorMod(now - phaseNanos, interval);
        }
        boolean isFree = window == NO_LIMIT && !marks.any() && probes == null; // as most are at most times
        room = isFree ? NO_LIMIT : roomAt(now);
        stretch = isFree ? NO_LIMIT : stretch();
    }

    private long roomAt(long now) {
        if (targetNanos == 0 || paused) {
            return NO_LIMIT;
        }
        if (!answers) {
            return patience(now) - unread();
        }
        if (isLate(now)) {
            return CLOSED;
        }
        if (isProbed()) {
            return 0; // so a message passes where nothing is unread
        }
        return window == NO_LIMIT ? NO_LIMIT : Math.max(0, window - unread());
    }

    private boolean isProbed() {
        return probes != null && probes.areOut();
    }

    /**
     * What is sent to a client that was late has marks between, however much goes out at once: else the one at its end would measure nothing
     * but the whole.
     */
    private long stretch() {
        return wasLate && !paused && marks.hasRoom() ? window / 4 : NO_LIMIT;
    }

    private boolean wasLateJustNow(long now) {
        return wasLate && now - lateAt < LATE_TARGETS * targetNanos;
    }

    /** Who was late a moment ago is looked at more often than who keeps up. */
    private boolean isTimeForMark(long now) {
        return now - (wasLateJustNow(now) ? lastMarkAt + MARK_NANOS : dueAt) >= 0;
    }

    private long patience(long now) {
        long doublings = marks.any() ? (now - firstMarkAt) / PATIENCE_NANOS : 0;
        return doublings > MOST_DOUBLINGS ? NO_LIMIT : window << doublings;
    }

    private boolean isLate(long now) {
        return marks.any() && marks.oldest() >= firstTimed && now - marks.at(marks.oldest()) - targetNanos > roundTrip;
    }

    /** Whether a message may be sent: it fits, or nothing is unread. Where a mark is due before it, after the mark. */
    boolean admits(int bytes) {
        boolean fits = bytes <= room || (room >= 0 && unread() == 0);
        return fits && (stretch == NO_LIMIT || unmarked() == 0 || unmarked() + bytes <= stretch);
    }

    private long unmarked() {
        return sent - marks.lastSent();
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
        firstTimed = marks.next();
    }

    /**
     * Whether a mark is to be sent behind what was sent.
     *
     * @param refused whether a message waits for room
     */
    boolean isMarkDue(long now, boolean refused) {
        long unmarked = unmarked();
        if (targetNanos == 0 || unmarked == 0 || !marks.hasRoom()) {
            return false;
        }
        if ((marks.next() == 0 && sparse.isShortest()) || isProbed() || (refused && (wasLate || !marks.any()))) {
            return true;
        }
        return unmarked >= window / 4 || isTimeForMark(now);
    }

    /** {@return the number that the next mark will have} */
    long nextMark() {
        return marks.next();
    }

    /**
     * Returns the number of a mark that is sent now.
     *
     * @param stamp what {@link #readStamp} is once it is answered
     */
    long mark(long now, long stamp) {
        if (marks.next() == 0) {
            firstMarkAt = now;
        }
        lastMarkAt = now;
        return marks.add(now, sent, unread(), stamp);
    }

    /**
     * A pong with a number has come. Returns whether it is that of a mark on its way; others count for nothing.
     *
     * @param waited whether it has waited on this side for what others had sent: the client is taken for prompt then
     */
    boolean answered(long number, long now, boolean waited) {
        if (!marks.isOnItsWay(number)) {
            return false;
        }
        marks.answered(number);
        readStamp = marks.stamp(number);
        read = marks.sent(number);
        answers = true;
        if (number >= firstTimed) {
            long took = waited ? Math.min(roundTrip, now - marks.at(number)) : now - marks.at(number);
            longestTook = Math.max(took, longestTook / 8 * 7);
            roundTrip = Math.min(roundTrip, took);
            probed(number, took);
            resize(number, took - roundTrip, marks.unread(number), now);
            least.read(read, now);
            readDelay = least.isSlow() ? longestTook : 0;
        }
        return true;
    }

    /** {@return how long the slowest of the last marks took to be answered, or 0 unless it is the client that is slow, and not the way} */
    long readDelay() {
        return readDelay;
    }

    /** {@return the stamp of the mark that was answered last} */
    long readStamp() {
        return readStamp;
    }

    private void resize(long number, long delay, long unread, long now) {
        if (proves) {
            proves = false;
            growsAt = now + PROVING_NANOS;
            provenMark = number + PROVING_MARKS;
        }
        if (delay > targetNanos) {
            shrink(unread, delay);
            least.late(number, marks.next(), now);
            lateAt = now;
            growsAt = now + LATE_TARGETS * targetNanos;
            probes = probes == null ? new RouteProbes() : probes;
            probes.late(marks.next(), now);
        } else if (window != NO_LIMIT && (now >= growsAt || (!wasLate && number >= provenMark))) {
            grow(number, delay, unread, Math.max(0, now - growsAt) / targetNanos);
            growsAt = wasLate ? now + targetNanos : now;
        }
    }

    private void shrink(long unread, long delay) {
        long inTime = (long) ((double) unread * targetNanos / delay);
        window = Math.max(least.bytes(), Math.min(window, inTime));
        wasLate = true;
    }

    /** Grows by what the target times since it grew last are good for, as marks may be far apart. */
    private void grow(long number, long delay, long unread, long targets) {
        if (number >= mayLeap && 2 * unread >= window && delay < targetNanos / 8) {
            window = leap(Math.max(window, unread));
            mayLeap = marks.next();
        } else {
            double twentieths = Math.min(1 + targets, MOST_TWENTIETHS) * (1 - (double) delay / targetNanos);
            window += (long) (window * twentieths / 20) + 16;
        }
        if (window > MOST_BYTES) {
            window = NO_LIMIT;
            wasLate = false;
            if (probes != null) {
                probes.keepsUp();
            }
        }
    }

    private long leap(long used) {
        if (conflated) {
            return used / 4 * 5;
        }
        return wasLate ? window / 2 * 3 : 2 * used;
    }

    private void probed(long number, long took) {
        if (probes != null && probes.measures(number)) {
            probes.measured(took - roundTrip > targetNanos);
            roundTrip = took;
        }
    }
}
