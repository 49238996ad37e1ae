package io.github.robotstream.internal.transport.connection;

import java.time.Duration;

/** A moment on the monotonic clock by which several waits in a row have to be over. */
public record Deadline(long atNanos) {

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    public Deadline earlierBy(Duration duration) {
        return new Deadline(atNanos - duration.toNanos());
    }

    /** {@return the time left, rounded up; 0 or less when it is over} */
    long leftMillis() {
        return Math.floorDiv(atNanos - System.nanoTime() + 999_999, 1_000_000);
    }

    /** Waits for a thread's end, not at all if the time is over. */
    public void join(Thread thread) throws InterruptedException {
        long left = leftMillis();
        if (left > 0) {
            thread.join(left);
        }
    }
}
