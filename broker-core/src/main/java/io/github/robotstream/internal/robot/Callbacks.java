package io.github.robotstream.internal.robot;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.worker.DaemonThreads;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where listeners and handlers of services run. With the broker's own threads there are at most as many as subscriptions and services, so one that blocks delays
 * only itself. An executor of the application's is called from a thread of its own, since it may block or run the listener
 * right there. What waits is bounded by the number of both: each waits at most once.
 *
 * <p>A subscription for which there is no thread or no memory, or which the application's executor refuses, waits for the broker thread
 * to try again, less and less often.
 */
public final class Callbacks {
    private static final long FIRST_RETRY_MILLIS = 10;
    private static final long LONGEST_RETRY_MILLIS = 1_000;

    private static final ThreadLocal<@Nullable Service> RUNNING = new ThreadLocal<>();

    private final DaemonThreads daemons;
    private final ThreadPoolExecutor threads;
    private final @Nullable Executor application;
    private final AtomicInteger busy = new AtomicInteger();
    private final BrokerLoop loop;
    private final Consumer<Throwable> onFault;
    private volatile boolean ended;

    /**
     * Starts no thread before there is something to run.
     *
     * @param application the application's executor, or null for threads of the broker's
     * @param loop tries again where a listener could not be run
     * @param onFault told when a listener cannot be run, for instance because the application's executor refuses
     */
    public Callbacks(@Nullable Executor application, BrokerLoop loop, Consumer<Throwable> onFault) {
        this.application = application;
        this.loop = loop;
        this.onFault = onFault;
        if (application == null) {
            daemons = new DaemonThreads("robotstream-callback");
            threads = new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons);
        } else {
            daemons = new DaemonThreads("robotstream-dispatch");
            threads = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons);
        }
    }

    /** {@return how a subscription is served here} */
    Service service(Served subscriber) {
        return new Service(subscriber);
    }

    private void tell(Throwable fault) {
        try {
            if (!threads.isShutdown()) {
                onFault.accept(fault);
            }
        } catch (Throwable wantOfMemory) {
            // The next try comes all the same.
        }
    }

    /** What is served: a subscription, or a service. */
    interface Served {
        /** Calls the application's code with some of what waits; true if there may be more, else {@link Service#rests} was called. */
        boolean serve();

        Callbacks callbacks();

        /** Whether what the broker logs comes to it. */
        boolean hearsLog();
    }

    /**
     * How one subscription is served: one thread at a time, whatever an executor makes of it. To wait for another try allocates nothing.
     *
     * <pre>
     * IDLE ── beginsToWait() ──> WAITING ── a thread takes it ──> SERVED ── rests() ──> IDLE
     *                               └───── has its turn, or no memory ─────┘
     * </pre>
     */
    final class Service extends LoopTask implements Runnable {
        private final Served subscriber;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
        private volatile long retryMillis = FIRST_RETRY_MILLIS;

        private Service(Served subscriber) {
            this.subscriber = subscriber;
        }

        /**
         * Whether it waits to be served from now on, and did not before: then {@link #begin} has to follow. To be called with the lock held under
         * which work is put in.
         */
        boolean beginsToWait() {
            return phase.compareAndSet(Phase.IDLE, Phase.WAITING);
        }

        /** There is nothing to do. To be called with the same lock held. */
        void rests() {
            phase.set(Phase.IDLE);
        }

        /** Has the subscription served, which has begun to wait for that; never blocks and never throws. */
        void begin() {
            busy.incrementAndGet();
            execute();
        }

        private void execute() {
            Executor executor = application;
            try {
                threads.execute(executor == null ? this : () -> handOver(executor));
            } catch (Throwable noThread) {
                if (threads.isShutdown()) {
                    rests(); // it is the end
                    busy.decrementAndGet();
                } else {
                    waitForRetry(noThread);
                }
            }
        }

        private void handOver(Executor executor) {
            try {
                executor.execute(this);
            } catch (Throwable refusal) {
                if (phase.get() == Phase.WAITING) {
                    waitForRetry(refusal);
                } else {
                    tell(refusal);
                }
            }
        }

        private void waitForRetry(Throwable reason) {
            loop.wake(this);
            tell(reason);
        }

        /** Tries again after a while. */
        @Override
        protected boolean take() {
            long delay = retryMillis;
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(delay), this::execute);
            retryMillis = Math.min(2 * delay, LONGEST_RETRY_MILLIS);
            return false;
        }

        /** Serves the subscription, if it still waits for that. */
        @Override
        public void run() {
            if (!phase.compareAndSet(Phase.WAITING, Phase.SERVED)) {
                return;
            }
            retryMillis = FIRST_RETRY_MILLIS;
            boolean more = true;
            Throwable fault = null;
            try {
                RUNNING.set(this);
                do {
                    more = subscriber.serve();
                } while (more && application == null);
            } catch (Throwable t) {
                fault = t;
            } finally {
                RUNNING.remove();
            }
            if (!more) {
                busy.decrementAndGet();
                return;
            }
            phase.set(Phase.WAITING);
            if (fault == null) {
                execute(); // A thread of the application's may have others to serve.
            } else {
                waitForRetry(fault);
            }
        }
    }

    private enum Phase {
        IDLE,
        WAITING,
        SERVED
    }

    /** Whether nothing runs or waits to run. */
    public boolean isIdle() {
        return busy.get() == 0;
    }

    /** Whether the calling thread runs a listener of this broker. */
    public boolean isCallbackThread() {
        Service running = RUNNING.get();
        return running != null && running.subscriber.callbacks() == this;
    }

    /** Whether the calling thread runs a listener that hears this broker's log: what it logs would make it log again. */
    public boolean isInsideLogListener() {
        return isCallbackThread()
                && Objects.requireNonNull(RUNNING.get()).subscriber.hearsLog();
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
