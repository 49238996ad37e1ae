package io.github.robotstream.internal.robot;

import io.github.robotstream.internal.worker.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where listeners run. With the broker's own threads there are at most as many as subscriptions, so one that blocks delays
 * only itself. An executor of the application's is called from a thread of its own, since it may block or run the listener
 * right there; while it refuses, it is asked again, less and less often. What waits is bounded by the number of
 * subscriptions: each waits at most once.
 */
public final class Callbacks {
    static final long FIRST_RETRY_MILLIS = 10;
    static final long LONGEST_RETRY_MILLIS = 1_000;

    private static final ThreadLocal<@Nullable Callbacks> RUNNING = new ThreadLocal<>();

    private final DaemonThreads daemons;
    private final ExecutorService threads;
    private final @Nullable ApplicationExecutor application;
    private final AtomicInteger busyLanes = new AtomicInteger();
    private final Consumer<Throwable> onFault;
    private volatile boolean ended;

    /**
     * Starts no thread before there is something to run.
     *
     * @param applications the application's executor, or null for threads of the broker's
     * @param onFault told when a listener cannot be run, for instance because the application's executor refuses
     */
    public Callbacks(@Nullable Executor applications, Consumer<Throwable> onFault) {
        this.onFault = onFault;
        if (applications == null) {
            application = null;
            daemons = new DaemonThreads("robotstream-callback");
            threads = new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons);
        } else {
            daemons = new DaemonThreads("robotstream-dispatch");
            ScheduledThreadPoolExecutor dispatcher = new ScheduledThreadPoolExecutor(1, daemons);
            dispatcher.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            application = new ApplicationExecutor(applications, dispatcher);
            threads = dispatcher;
        }
    }

    /** Has a lane served; never blocks and never throws. */
    void run(ListenerLane<?> lane) {
        busyLanes.incrementAndGet();
        Service service = new Service(lane);
        ApplicationExecutor executor = application;
        try {
            threads.execute(executor == null ? service : () -> executor.handOver(service, FIRST_RETRY_MILLIS));
        } catch (Throwable t) {
            // No thread can be made, or it is the end.
            lane.notServed();
            busyLanes.decrementAndGet();
            tell(t);
        }
    }

    private void tell(Throwable fault) {
        if (!threads.isShutdown()) {
            onFault.accept(fault);
        }
    }

    /** One time that a lane is served, whatever an executor makes of it. */
    private final class Service implements Runnable {
        private final ListenerLane<?> lane;
        private final AtomicBoolean begun = new AtomicBoolean();

        Service(ListenerLane<?> lane) {
            this.lane = lane;
        }

        boolean hasBegun() {
            return begun.get();
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                RUNNING.set(Callbacks.this);
                try {
                    serve();
                } finally {
                    RUNNING.remove();
                    busyLanes.decrementAndGet();
                }
            }
        }

        private void serve() {
            try {
                boolean more = lane.serve();
                while (more && application == null) {
                    more = lane.serve();
                }
                if (more) {
                    // A thread of the application's may have others to serve.
                    Callbacks.this.run(lane);
                }
            } catch (Throwable t) {
                lane.notServed();
                tell(t);
            }
        }
    }

    /** The application's executor, as seen from the one thread that calls it. */
    private final class ApplicationExecutor {
        private final Executor executor;
        private final ScheduledThreadPoolExecutor dispatcher;

        ApplicationExecutor(Executor executor, ScheduledThreadPoolExecutor dispatcher) {
            this.executor = executor;
            this.dispatcher = dispatcher;
        }

        void handOver(Service service, long retryMillis) {
            try {
                executor.execute(service);
            } catch (Throwable t) {
                tell(t);
                if (!service.hasBegun() && !dispatcher.isShutdown()) {
                    long next = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
                    Future<?> unused =
                            dispatcher.schedule(() -> handOver(service, next), retryMillis, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    /** Whether nothing runs or waits to run. */
    public boolean isIdle() {
        return busyLanes.get() == 0;
    }

    /** Whether the calling thread runs a listener of this broker. */
    public boolean isCallbackThread() {
        return RUNNING.get() == this;
    }

    /** Whether no call of a listener may begin any more. */
    boolean hasEnded() {
        return ended;
    }

    /** Takes no more work and waits for what runs, at most as long as is said; then a call that runs is the last. */
    public void end(Duration limit) {
        threads.shutdown();
        daemons.awaitEnd(limit);
        ended = true;
    }
}
