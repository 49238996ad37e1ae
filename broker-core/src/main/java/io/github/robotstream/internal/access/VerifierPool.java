package io.github.robotstream.internal.access;

import io.github.robotstream.internal.worker.DaemonThreads;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads on which a verifier may block: {@value #THREADS}, for which {@value #WAITING} tokens may wait, each token under the time
 * limit. What finds no place or takes too long is put off. There is one for clients that want to get in and one for newer tokens of
 * open sessions, so that neither keeps the other waiting. Any thread.
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
}
