package io.github.robotstream.internal.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the daemon threads of a pool, numbered from 1, and knows when they have ended: a pool says that it has a moment before
 * its threads have. Any thread.
 */
public final class DaemonThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger numbers = new AtomicInteger();
    /** Those that were made, but for some that have ended. */
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();

    /**
     * No thread yet.
     *
     * @param name of the threads, before a dash and the number
     */
    public DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
        made.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(work, name + "-" + numbers.incrementAndGet());
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    /** Waits until all have ended, at most so long; not at all if the calling thread is interrupted. False if some go on. */
    public boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        // One that dies of a fault may have been replaced by one that was not there before.
        while (made.removeIf(thread -> awaitEnd(thread, Duration.ofNanos(deadline - System.nanoTime())))) {}
        return made.isEmpty();
    }

    /** Waits for the end of a thread that was started, as {@link #awaitEnd(Duration)} does. */
    public static boolean awaitEnd(Thread thread, Duration limit) {
        long millis = limit.plusNanos(999_999).toMillis();
        if (millis > 0) { // to join for 0 would be for ever
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return !thread.isAlive();
    }
}
