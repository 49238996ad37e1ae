package io.github.robotstream.internal.robot;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where listeners run. With the broker's own threads there are at most as many as subscriptions, so one that blocks delays
 * only itself. An executor of the application's is called from a thread of its own, since it may block or run the listener
 * right there. What waits is bounded by the number of subscriptions: each waits at most once.
 */
public final class Callbacks {
    private static final ThreadLocal<@Nullable Callbacks> RUNNING = new ThreadLocal<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ExecutorService threads;
    private final @Nullable Executor applications;
    private final AtomicInteger busyLanes = new AtomicInteger();
    private final Consumer<Throwable> onFault;

    /**
     * Starts no thread before there is something to run.
     *
     * @param applications the application's executor, or null for threads of the broker's
     * @param onFault told when the application's executor refuses or throws
     */
    public Callbacks(@Nullable Executor applications, Consumer<Throwable> onFault) {
        this.applications = applications;
        this.onFault = onFault;
        this.threads = applications == null
                ? new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        r -> daemon(r, "callback"))
                : dispatcher();
    }

    private static ExecutorService dispatcher() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), r -> daemon(r, "dispatch"));
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, "robotstream-" + name + "-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Has a lane served; never blocks. */
    void run(ListenerLane<?> lane) {
        busyLanes.incrementAndGet();
        Executor executor = applications;
        Runnable work = () -> serve(lane);
        try {
            threads.execute(executor == null ? work : () -> handOver(executor, work, lane));
        } catch (RejectedExecutionException theBrokerHasEnded) {
            isNotServed(lane);
        } catch (Throwable t) {
            // No thread could be had: that is not the broker thread's trouble.
            isNotServed(lane);
            onFault.accept(t);
        }
    }

    private void handOver(Executor executor, Runnable work, ListenerLane<?> lane) {
        try {
            executor.execute(work);
        } catch (Throwable t) {
            isNotServed(lane);
            onFault.accept(t);
        }
    }

    private void isNotServed(ListenerLane<?> lane) {
        lane.notServed();
        busyLanes.decrementAndGet();
    }

    private void serve(ListenerLane<?> lane) {
        RUNNING.set(this);
        boolean more;
        try {
            more = lane.serve();
        } catch (Throwable evenTellingAFaultFailed) {
            more = true;
        }
        RUNNING.remove();
        if (more) {
            run(lane);
        }
        busyLanes.decrementAndGet();
    }

    /** Whether nothing runs or waits to run. */
    public boolean isIdle() {
        return busyLanes.get() == 0;
    }

    /** Whether the calling thread runs a listener of this broker. */
    public boolean isCallbackThread() {
        return RUNNING.get() == this;
    }

    /** Takes no more work; what runs goes on, waits for it at most as long as is said. */
    public void end(long timeoutNanos) {
        threads.shutdown();
        try {
            threads.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
