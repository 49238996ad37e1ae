package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.time.BrokerClock;
import java.util.function.Consumer;

/**
 * What is to be flushed at the end of a step, and when that may be: at once, or at the earliest an interval after the last time.
 * A flush that throws comes again a tenth of a second later. To add one cannot fail. Broker thread.
 */
final class Flushes {
    private final BrokerClock clock;
    private final long intervalNanos;
    private final FlushTask.Queue touched = new FlushTask.Queue();
    private final FlushTask.Queue failed = new FlushTask.Queue();
    private boolean hurries;
    private long lastNanos;
    private long againNanos;

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
        touched.add(flush);
    }

    /** The next time is now, whatever the interval. */
    void hurry() {
        hurries = true;
    }

    boolean isDue() {
        return touched.size() > 0 && (hurries || nanosToInterval() <= 0);
    }

    /** How long to the next time, if there is anything to flush then; not above 0 without an interval. */
    long nanosToInterval() {
        return intervalNanos == 0 ? 0 : lastNanos + intervalNanos - clock.nanoTime();
    }

    /** How long until flushes that threw come again; a very long time if there are none. */
    long nanosToRetry() {
        return failed.size() == 0 ? Long.MAX_VALUE : againNanos - clock.nanoTime();
    }

    /** Does all, if it is time. Those that are touched once more by their own flush have to wait for the next time. */
    void take(Consumer<Throwable> onFault) {
        if (nanosToRetry() <= 0) {
            while (failed.size() > 0) {
                touched.add(failed.remove());
            }
        }
        if (!isDue()) {
            return;
        }
        hurries = false;
        if (intervalNanos != 0) {
            lastNanos = clock.nanoTime();
        }
        for (int left = touched.size(); left > 0; left--) {
            run(touched.remove(), onFault);
        }
    }

    private void run(FlushTask flush, Consumer<Throwable> onFault) {
        try {
            flush.flush.run();
        } catch (Throwable t) {
            if (failed.size() == 0) {
                againNanos = clock.nanoTime() + LoopTask.RETRY_NANOS;
            }
            failed.add(flush); // unless it was touched meanwhile, and has its place
            onFault.accept(t);
        }
    }
}
