package io.github.robotstream.internal.transport.connection;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The one thread for time limits and for what is delivered when no read brings it. Nothing on it blocks, and nothing that a task throws ends
 * it. What is given to it after its end is refused with {@link java.util.concurrent.RejectedExecutionException}.
 */
public interface Tasks extends Executor {

    /** Does the task once the time is over. */
    Timer after(Duration time, Runnable task);

    /**
     * Does the task after each period until it returns false. One that throws is done again after the next period. To go on takes no memory.
     */
    void repeat(Duration period, BooleanSupplier task);

    /** Work that is done whenever it is asked for. */
    Step step(Runnable work);

    /** The monotonic clock by which the times are over; only differences mean anything. */
    long nanoTime();

    /** A task that is still to be done. */
    interface Timer {
        /** Without effect if the task has begun. */
        void cancel();
    }

    /** Work that is done whenever it is asked for, however little memory there is: what ends a connection must not fail for want of it. */
    interface Step {
        /**
         * Asks for it. Any thread. Asking takes no memory and does not fail; several times before the work begins are one, and after the end
         * of the thread nothing happens.
         */
        void ask();
    }
}
