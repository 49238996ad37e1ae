package io.github.robotstream.internal.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a pool's daemon threads, numbered from 1, and knows when they have ended, which a pool says too soon. Any thread. */
public final class DaemonThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger numbers = new AtomicInteger();
    /** Those that were started, but for some that have ended. */
    private final Set<Thread> started = ConcurrentHashMap.newKeySet();

    /** {@code name} stands before a dash and the number. */
    public DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
        return new Counted(work);
    }

    /** Counts from its start on: one that cannot be started is not kept. */
    private final class Counted extends Thread {
        Counted(Runnable work) {
            super(work, name + "-" + numbers.incrementAndGet());
            setDaemon(true);
        }

        @Override
        public synchronized void start() {
            started.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
            started.add(this);
            try {
                super.start();
            } catch (Throwable noThread) {
                started.remove(this);
                throw noThread;
            }
        }
    }

    /** Waits for the end of all but the calling thread, unless that is interrupted; false if some go on. */
    public boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        // One that dies of a fault may have been replaced by one that was not there before.
        while (started.removeIf(thread -> awaitEnd(thread, Duration.ofNanos(deadline - System.nanoTime())))) {}
        return started.isEmpty();
    }

    /** Waits for the end of a thread that was started, as {@link #awaitEnd(Duration)} does. */
    public static boolean awaitEnd(Thread thread, Duration limit) {
        long millis = limit.plusNanos(999_999).toMillis();
        if (millis > 0 && thread != Thread.currentThread()) { // to join for 0 would be for ever
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return !thread.isAlive() || thread == Thread.currentThread();
    }
}
