package io.github.robotstream.internal.access;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.LoopTask;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.DaemonThreads;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which a verifier may block: {@value #THREADS}, for which {@value #WAITING} tokens may wait, each under the time
 * limit; what finds no place or takes too long is put off. Newer tokens of open sessions have a pool of their own. Any thread.
 */
final class VerifierPool {
    private static final int THREADS = 4;
    private static final int WAITING = 64;

    private final AccessContext context;
    private final Runnable onTooSlow;
    private final ThreadPoolExecutor threads;

    /** @param onTooSlow told when the time limit has ended one */
    VerifierPool(AccessContext context, DaemonThreads daemons, Runnable onTooSlow) {
        this.context = context;
        this.onTooSlow = onTooSlow;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), daemons);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does the check that comes to the verdict, or puts the token off. */
    void begin(PendingVerdict pending, Runnable check) {
        AccessTimeLimit limit = new AccessTimeLimit(context.clock(), context.loop(), () -> giveUp(pending));
        try {
            limit.begin(threads.submit(() -> {
                try {
                    check.run();
                } finally {
                    limit.isOver();
                }
            }));
        } catch (Throwable noPlaceOrThread) {
            pending.refuse(AccessRefusal.NOT_NOW);
        }
    }

    private boolean giveUp(PendingVerdict pending) {
        boolean gaveUp = pending.refuse(AccessRefusal.NOT_NOW);
        if (gaveUp) {
            onTooSlow.run();
        }
        return gaveUp;
    }

    /** Takes nothing more; a verifier that stands still is interrupted. */
    void close() {
        threads.shutdownNow();
    }

    /** Ends the wait for a verifier after {@value #SECONDS} seconds by the broker's clock. */
    static final class AccessTimeLimit extends LoopTask {
        static final int SECONDS = 5;

        private final BrokerClock clock;
        private final BrokerLoop loop;
        private final long deadlineNanos;
        private final BooleanSupplier giveUp;
        private volatile boolean over;
        private volatile @Nullable Future<?> verification;
        private Timers.@Nullable Timer timer;

        /** Counts from now; {@code giveUp} returns false if the client has its verdict all the same. */
        AccessTimeLimit(BrokerClock clock, BrokerLoop loop, BooleanSupplier giveUp) {
            this.clock = clock;
            this.loop = loop;
            this.deadlineNanos = clock.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            this.giveUp = giveUp;
        }

        /** The verification is under way; any thread. */
        void begin(Future<?> future) {
            verification = future;
            loop.wake(this);
        }

        /** The verification is over; any thread. */
        void isOver() {
            over = true;
            loop.wake(this);
        }

        @Override
        protected boolean take() {
            if (over) {
                if (timer != null) {
                    loop.cancel(timer);
                }
            } else if (timer == null) {
                timer = loop.schedule(Math.max(0, deadlineNanos - clock.nanoTime()), this::end);
            }
            return false;
        }

        private void end() {
            Future<?> running = verification;
            // Interrupted only if its verdict is not wanted any more: an interrupt while it is written would close the
            // socket.
            if (!over && giveUp.getAsBoolean() && running != null) {
                running.cancel(true);
            }
        }
    }
}
