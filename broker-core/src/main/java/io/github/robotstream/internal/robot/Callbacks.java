package io.github.robotstream.internal.robot;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.LoopTask;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.internal.worker.IntrusiveQueue;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where listeners run. With the broker's own threads there are at most as many as subscriptions, so one that blocks delays
 * only itself. An executor of the application's is called from a thread of its own, since it may block or run the listener
 * right there; while it refuses, it is asked again, less and less often. What waits is bounded by the number of
 * subscriptions: each waits at most once.
 *
 * <p>A lane for which there is no thread or no memory waits for the broker thread to try again, less and less often as well.
 */
public final class Callbacks {
    static final long FIRST_RETRY_MILLIS = 10;
    static final long LONGEST_RETRY_MILLIS = 1_000;

    private static final ThreadLocal<@Nullable Service> RUNNING = new ThreadLocal<>();

    private final DaemonThreads daemons;
    private final ExecutorService threads;
    private final @Nullable ApplicationExecutor application;
    private final AtomicInteger busyLanes = new AtomicInteger();
    private final BrokerLoop loop;
    private final Consumer<Throwable> onFault;
    private final Retry retry = new Retry();
    private volatile boolean ended;

    /**
     * Starts no thread before there is something to run.
     *
     * @param applications the application's executor, or null for threads of the broker's
     * @param loop tries again where a listener could not be run
     * @param onFault told when a listener cannot be run, for instance because the application's executor refuses
     */
    public Callbacks(@Nullable Executor applications, BrokerLoop loop, Consumer<Throwable> onFault) {
        this.loop = loop;
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

    /** How a lane is served here. */
    Service service(ListenerSubscriber<?> lane) {
        return new Service(lane);
    }

    private void tell(Throwable fault) {
        try {
            if (!threads.isShutdown()) {
                onFault.accept(fault);
            }
        } catch (Throwable wantOfMemory) {
            // The lane waits for its next try all the same.
        }
    }

    /** How one lane is served: one thread at a time, whatever an executor makes of it. It allocates nothing to wait for another try. */
    final class Service extends IntrusiveQueue.Node implements Runnable {
        private final ListenerSubscriber<?> lane;

        private Service(ListenerSubscriber<?> lane) {
            this.lane = lane;
        }

        /** Has the lane served, which has begun to wait for that; never blocks and never throws. */
        void begin() {
            busyLanes.incrementAndGet();
            execute();
        }

        /** Tries to find a thread. Returns whether there was one, or it is the end. */
        private boolean execute() {
            ApplicationExecutor executor = application;
            try {
                threads.execute(executor == null ? this : () -> executor.handOver(this, FIRST_RETRY_MILLIS));
                return true;
            } catch (Throwable noThread) {
                if (threads.isShutdown()) {
                    lane.notServed();
                    busyLanes.decrementAndGet();
                    return true;
                }
                waitForRetry(noThread);
                return false;
            }
        }

        private void waitForRetry(Throwable reason) {
            retry.refused.offer(this);
            loop.wake(retry);
            tell(reason);
        }

        /** Serves the lane, if it still waits for that. */
        @Override
        public void run() {
            if (!lane.beginsToBeServed()) {
                return;
            }
            boolean more = true;
            Throwable fault = null;
            try {
                RUNNING.set(this);
                do {
                    more = lane.serve();
                } while (more && application == null);
            } catch (Throwable t) {
                fault = t;
            } finally {
                RUNNING.remove();
            }
            if (!more) {
                busyLanes.decrementAndGet();
                return;
            }
            lane.waitsAgain();
            if (fault == null) {
                execute(); // A thread of the application's may have others to serve.
            } else {
                waitForRetry(fault);
            }
        }
    }

    /** Tries again to have those lanes served for which there was no thread. */
    private final class Retry extends LoopTask {
        private final IntrusiveQueue<Service> refused = new IntrusiveQueue<>();
        private long delayMillis = FIRST_RETRY_MILLIS;
        private boolean scheduled;

        @Override
        protected boolean take() {
            if (!scheduled && !refused.isEmpty()) {
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(delayMillis), this::tryAgain);
                scheduled = true;
            }
            return false;
        }

        private void tryAgain() {
            scheduled = false;
            boolean all = true;
            for (int left = refused.gather(); left > 0; left--) {
                Service service = refused.poll();
                all &= service == null || service.execute();
            }
            delayMillis = all ? FIRST_RETRY_MILLIS : Math.min(2 * delayMillis, LONGEST_RETRY_MILLIS);
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
                if (service.lane.waitsToBeServed() && !dispatcher.isShutdown()) {
                    handOverLater(service, retryMillis);
                }
            }
        }

        private void handOverLater(Service service, long retryMillis) {
            try {
                long next = Math.min(2 * retryMillis, LONGEST_RETRY_MILLIS);
                Future<?> unused =
                        dispatcher.schedule(() -> handOver(service, next), retryMillis, TimeUnit.MILLISECONDS);
            } catch (Throwable wantOfMemory) {
                service.waitForRetry(wantOfMemory);
            }
        }
    }

    /** Whether nothing runs or waits to run. */
    public boolean isIdle() {
        return busyLanes.get() == 0;
    }

    /** Whether the calling thread runs a listener of this broker. */
    public boolean isCallbackThread() {
        Service running = RUNNING.get();
        return running != null && running.lane.callbacks() == this;
    }

    /** Whether the calling thread runs a listener that hears this broker's log: what it logs would make it log again. */
    public boolean isInsideLogListener() {
        Service running = RUNNING.get();
        return running != null && running.lane.callbacks() == this && running.lane.hearsLog();
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
