package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.time.BrokerClock;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** What the broker thread is to do later, in the order of time. Broker thread. */
public final class Timers {
    private final BrokerClock clock;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long made;

    /** Something to be done at a time; see {@link #schedule}. */
    public static final class Timer implements Comparable<Timer> {
        private final long atNanos;
        private final long number;
        private final Runnable action;

        private Timer(long atNanos, long number, Runnable action) {
            this.atNanos = atNanos;
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
        Timer timer = new Timer(clock.nanoTime() + delayNanos, ++made, action);
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

    /** Takes out the next, which is there. */
    Runnable takeNext() {
        Timer next = timers.poll();
        if (next == null) {
            throw new NoSuchElementException("no timer is due");
        }
        return next.action;
    }
}
