package io.github.robotstream.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A place where user code stands still until a test lets it go on, in the stead of code that takes very long. Deaf to
 * interrupts, as the worst of such code is. Safe for use by several threads.
 */
public final class Standstill implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Stands still. */
    public void here() {
        reached.countDown();
        boolean interrupted = false;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (released.getCount() > 0) {
            try {
                if (!released.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("nobody let it go on within " + PATIENCE);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until somebody stands here. */
    public void awaitReached() throws InterruptedException {
        if (!reached.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("nobody came within " + PATIENCE);
        }
    }

    /** Whether nobody was let go on yet. */
    public boolean holds() {
        return reached.getCount() == 0 && released.getCount() > 0;
    }

    /** Lets all go on who stand here or come later. */
    @Override
    public void close() {
        released.countDown();
    }
}
