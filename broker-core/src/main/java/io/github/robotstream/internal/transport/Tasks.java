package io.github.robotstream.internal.transport;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The one thread for time limits and for what is delivered when no read brings it. Nothing on it blocks. What is given to it after its end
 * is refused with {@link java.util.concurrent.RejectedExecutionException}.
 */
interface Tasks extends Executor {

    /** Does the task once the time is over. */
    Timer after(Duration time, Runnable task);

    /** The monotonic clock by which the times are over; only differences mean anything. */
    long nanoTime();

    /** A task that is still to be done. */
    interface Timer {
        /** Without effect if the task has begun. */
        void cancel();
    }
}
