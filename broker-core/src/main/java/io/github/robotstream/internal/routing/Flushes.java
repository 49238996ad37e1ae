package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.time.BrokerClock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be flushed at the end of a step, and when that may be: at once, or at the earliest an interval after the last time.
 * A flush that throws comes again a tenth of a second later. The tasks are linked with each other, so to add one cannot fail. Broker thread.
 */
final class Flushes {
    private final BrokerClock clock;
    private final long intervalNanos;
    private final Chain touched = new Chain();
    private final Chain failed = new Chain();
    private boolean hurries;
    private long lastNanos;
    private long againNanos;

    /** Tasks, each linked to the next. */
    private static final class Chain {
        private @Nullable FlushTask first;
        private @Nullable FlushTask last;

        void add(FlushTask task) {
            if (last == null) {
                first = task;
            } else {
                last.next = task;
            }
            last = task;
        }

        @Nullable
        FlushTask remove() {
            FlushTask task = first;
            if (task != null) {
                first = task.next;
                task.next = null;
                if (first == null) {
                    last = null;
                }
            }
            return task;
        }

        boolean isEmpty() {
            return first == null;
        }
    }

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

    void add(FlushTask flush) {
        if (flush.beginsToWait()) {
            touched.add(flush);
        }
    }

    /** The next time is now, whatever the interval. */
    void hurry() {
        hurries = true;
    }

    boolean isDue() {
        return !touched.isEmpty() && (hurries || nanosToInterval() <= 0);
    }

    /** How long to the next time, if there is anything to flush then; not above 0 without an interval. */
    long nanosToInterval() {
        return intervalNanos == 0 ? 0 : lastNanos + intervalNanos - clock.nanoTime();
    }

    /** How long until flushes that threw come again; a very long time if there are none. */
    long nanosToRetry() {
        return failed.isEmpty() ? Long.MAX_VALUE : againNanos - clock.nanoTime();
    }

    /** Does all, if it is time. Those that are touched once more by their own flush have to wait for the next time. */
    void take(Consumer<Throwable> onFault) {
        if (!failed.isEmpty() && nanosToRetry() <= 0) {
            for (FlushTask flush = failed.remove(); flush != null; flush = failed.remove()) {
                touched.add(flush);
            }
        }
        if (!isDue()) {
            return;
        }
        hurries = false;
        if (intervalNanos != 0) {
            lastNanos = clock.nanoTime();
        }
        FlushTask last = touched.last;
        FlushTask flush;
        do {
            flush = touched.remove();
            if (flush != null) {
                run(flush, onFault);
            }
        } while (flush != last);
    }

    private void run(FlushTask flush, Consumer<Throwable> onFault) {
        try {
            flush.run();
        } catch (Throwable t) {
            comesAgain(flush);
            onFault.accept(t);
        }
    }

    private void comesAgain(FlushTask flush) {
        if (flush.beginsToWait()) { // else it was touched meanwhile, and has its place
            if (failed.isEmpty()) {
                againNanos = clock.nanoTime() + BrokerLoop.RETRY_NANOS;
            }
            failed.add(flush);
        }
    }
}
