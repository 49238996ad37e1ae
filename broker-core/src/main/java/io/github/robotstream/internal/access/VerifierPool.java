package io.github.robotstream.internal.access;

import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.worker.DaemonThreads;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which a verifier may block: {@value #THREADS}, for which {@value #WAITING} tokens may wait, each under the time
 * limit; what finds no place or takes too long is put off. Newer tokens of open sessions have a pool of their own. Any thread.
 */
final class VerifierPool {
    static final int SECONDS = 5;
    private static final int THREADS = 4;
    private static final int WAITING = 64;

    private final AccessContext context;
    private final Runnable onTooSlow;
    private final ThreadPoolExecutor threads;
    /** Checks that wait or run, until all is done that follows from their verdicts. */
    private final AtomicInteger underWay = new AtomicInteger();

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
        TimeLimit limit = new TimeLimit(pending);
        Verification verification = new Verification(check, limit);
        try {
            threads.execute(verification);
            limit.begin(verification);
        } catch (Throwable noPlaceOrThread) {
            pending.refuse(AccessRefusal.NOT_NOW);
            verification.cancel(false);
        }
    }

    /** Whether no check waits or runs. */
    boolean isIdle() {
        return underWay.get() == 0;
    }

    /** Takes nothing more; a verifier that stands still is interrupted. */
    void close() {
        threads.shutdownNow();
    }

    /** Counts as under way until it is done or cancelled. */
    private final class Verification extends FutureTask<@Nullable Void> {
        Verification(Runnable check, TimeLimit limit) {
            super(
                    () -> {
                        try {
                            check.run();
                        } finally {
                            limit.isOver();
                        }
                    },
                    null);
            underWay.incrementAndGet();
        }

        @Override
        protected void done() {
            underWay.decrementAndGet();
        }
    }

    /** Ends the wait for a verifier after {@value #SECONDS} seconds by the broker's clock. */
    private final class TimeLimit extends LoopTask {
        private final PendingVerdict pending;
        private final long deadlineNanos = context.clock().nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        private volatile boolean over;
        private volatile @Nullable Future<?> verification;
        private Timers.@Nullable Timer timer;

        TimeLimit(PendingVerdict pending) {
            this.pending = pending;
        }

        void begin(Future<?> future) {
            verification = future;
            context.loop().wake(this);
        }

        void isOver() {
            over = true;
            context.loop().wake(this);
        }

        @Override
        protected boolean take() {
            if (over) {
                if (timer != null) {
                    context.loop().cancel(timer);
                }
            } else if (timer == null) {
                long left = deadlineNanos - context.clock().nanoTime();
                timer = context.loop().schedule(Math.max(0, left), this::end);
            }
            return false;
        }

        private void end() {
            if (over || !pending.refuse(AccessRefusal.NOT_NOW)) {
                return;
            }
            onTooSlow.run();
            Future<?> running = verification;
            if (running != null) {
                // Only now that its verdict is not wanted: an interrupt while it is written would close the socket.
                running.cancel(true);
            }
        }
    }
}
