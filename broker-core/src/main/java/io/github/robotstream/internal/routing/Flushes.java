package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.time.BrokerClock;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What is to be flushed at the end of a step, and when that may be: at once, or at the earliest an interval after the last time.
 * Broker thread.
 */
final class Flushes {
    private final BrokerClock clock;
    private final long intervalNanos;
    private final ArrayDeque<Runnable> touched = new ArrayDeque<>();
    private boolean hurries;
    private long lastNanos;

    /**
     * Nothing to flush yet; the first may come at once.
     *
     * @param intervalNanos how long after the last time the next one may come, 0 for no rest between them
     */
    Flushes(BrokerClock clock, long intervalNanos) {
        this.clock = clock;
        this.intervalNanos = intervalNanos;
        this.lastNanos = clock.nanoTime() - intervalNanos;
    }

    void add(Runnable flush) {
        touched.add(flush);
    }

    /** The next time is now, whatever the interval. */
    void hurry() {
        hurries = true;
    }

    boolean isDue() {
        return !touched.isEmpty() && (hurries || nanosToNext() <= 0);
    }

    /** How long to the next time, if there is anything to flush then; not above 0 without an interval. */
    long nanosToNext() {
        return intervalNanos == 0 ? 0 : lastNanos + intervalNanos - clock.nanoTime();
    }

    /** Hands over all, if it is time. Those that are touched once more by their own flush have to wait for the next time. */
    void take(Consumer<Runnable> flush) {
        if (!isDue()) {
            return;
        }
        hurries = false;
        if (intervalNanos != 0) {
            lastNanos = clock.nanoTime();
        }
        for (int n = touched.size(); n > 0; n--) {
            flush.accept(touched.remove());
        }
    }
}
