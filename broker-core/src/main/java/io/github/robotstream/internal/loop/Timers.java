package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.time.BrokerClock;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * What the broker thread is to do later, in the order of time. What throws comes again a tenth of a second later: a timer that is lost for a passing want of
 * memory would leave a session open after its token's end. Broker thread.
 */
public final class Timers {
    private static final long ONCE = 0;

    private final BrokerClock clock;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long made;

    /** Something to be done at a time; see {@link #schedule}. */
    public static final class Timer implements Comparable<Timer> {
        private final long number;
        private final long periodNanos;
        private final Runnable action;
        private long atNanos;

        private Timer(long atNanos, long periodNanos, long number, Runnable action) {
            this.atNanos = atNanos;
            this.periodNanos = periodNanos;
            this.number = number;
            this.action = action;
        }

        /** The earlier first; of the same time, what was scheduled first. */
        @Override
        public int compareTo(Timer other) {
            return atNanos == other.atNanos ? Long.compare(number, other.number) : Long.signum(atNanos - other.atNanos);
        }
    }

    Timers(BrokerClock clock) {
        this.clock = clock;
    }

    Timer schedule(long delayNanos, Runnable action) {
        return add(new Timer(clock.nanoTime() + delayNanos, ONCE, ++made, action));
    }

    /** Has something done again and again, whatever it throws; the first time at once. */
    Timer repeat(long periodNanos, Runnable action) {
        return add(new Timer(clock.nanoTime(), periodNanos, ++made, action));
    }

    private Timer add(Timer timer) {
        timers.add(timer);
        return timer;
    }

    /** Takes back what was not done yet. */
    void cancel(Timer timer) {
        timers.remove(timer);
    }

    boolean isDue() {
        return nanosToNext() <= 0;
    }

    /** Until the next is due; a very long time if there is none. */
    long nanosToNext() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos - clock.nanoTime();
    }

    /** Does the next, which is there. */
    void runNext() {
        Timer next = timers.peek();
        if (next == null) {
            throw new NoSuchElementException("no timer is due");
        }
        if (next.periodNanos != ONCE) {
            move(next, next.periodNanos);
            next.action.run();
            return;
        }
        boolean done = false;
        try {
            next.action.run();
            done = true;
        } finally {
            if (done) {
                timers.remove(next); // near the head, where it is looked for first
            } else {
                move(next, LoopTask.RETRY_NANOS);
            }
        }
    }

    /** Puts a timer at another place, unless it was cancelled. The queue has had as many before and need not grow, so nothing is thrown. */
    private void move(Timer timer, long delayNanos) {
        if (timers.remove(timer)) {
            timer.atNanos = clock.nanoTime() + delayNanos;
            timers.add(timer);
        }
    }
}
