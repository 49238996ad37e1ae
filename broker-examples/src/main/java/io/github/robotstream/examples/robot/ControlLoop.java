package io.github.robotstream.examples.robot;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Calls a step at a fixed rate. Each deadline is the one before plus the period, never "now plus the period": a step that
 * is late does not make all the following ones late.
 */
final class ControlLoop {
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer parkNanos;
    private volatile boolean running = true;

    ControlLoop(Duration period) {
        this(period, System::nanoTime, LockSupport::parkNanos);
    }

    ControlLoop(Duration period, LongSupplier nanoTime, LongConsumer parkNanos) {
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
        this.parkNanos = parkNanos;
    }

    /** Runs steps on the calling thread until {@link #stop} or an interrupt. */
    void run(Runnable step) {
        long deadline = nanoTime.getAsLong();
        while (goesOn()) {
            step.run();
            deadline = next(deadline);
            waitUntil(deadline);
        }
    }

    /** Ends the loop after the present step. May be called by any thread. */
    void stop() {
        running = false;
    }

    private long next(long deadline) {
        long next = deadline + periodNanos;
        // A machine that slept for a second has a hundred deadlines to catch up with: that burst would help nobody.
        long behind = nanoTime.getAsLong() - next;
        return behind > 10 * periodNanos ? next + behind : next;
    }

    private void waitUntil(long deadline) {
        long left = deadline - nanoTime.getAsLong();
        while (left > 0 && goesOn()) {
            parkNanos.accept(left);
            left = deadline - nanoTime.getAsLong();
        }
    }

    private boolean goesOn() {
        return running && !Thread.currentThread().isInterrupted();
    }
}
