package io.github.robotstream.internal.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Has newer tokens of open sessions judged on the threads where those are judged of clients that want to get in, under the same
 * time limit. A few at a time, so that however many sessions send tokens the door has threads left. Any thread.
 */
final class JudgingQueue {
    private static final int AT_A_TIME = 4;
    private static final int MOST_WAITING = 64;

    private final SessionContext context;
    private final Executor pool;
    private final Consumer<NewerToken> judge;
    private final Runnable tellTooSlow;
    // Guarded by this.
    private final Queue<Task> waiting = new ArrayDeque<>();
    private int underWay;

    private record Task(NewerToken token, FutureTask<?> work, AccessTimeLimit limit) {}

    /**
     * None is under way.
     *
     * @param judge asks the verifier, and may block
     * @param tellTooSlow told when the time limit has ended one
     */
    JudgingQueue(SessionContext context, Executor pool, Consumer<NewerToken> judge, Runnable tellTooSlow) {
        this.context = context;
        this.pool = pool;
        this.judge = judge;
        this.tellTooSlow = tellTooSlow;
    }

    void begin(NewerToken token) {
        BooleanSupplier giveUp = () -> {
            boolean gaveUp = token.putOff();
            if (gaveUp) {
                tellTooSlow.run();
            }
            return gaveUp;
        };
        Task task = new Task(
                token,
                new FutureTask<>(() -> judge.accept(token), true),
                new AccessTimeLimit(context.clock(), context.loop(), giveUp));
        task.limit().begin(task.work());
        if (mayStart(task)) {
            start(task);
        }
    }

    /** False if it has to wait, or has been put off. */
    private boolean mayStart(Task task) {
        synchronized (this) {
            if (underWay < AT_A_TIME) {
                underWay++;
                return true;
            }
            if (waiting.size() < MOST_WAITING) {
                waiting.add(task);
                return false;
            }
        }
        putOff(task);
        return false;
    }

    private void start(Task task) {
        try {
            pool.execute(() -> {
                try {
                    task.work().run();
                } finally {
                    task.limit().isOver();
                    startNext();
                }
            });
        } catch (Throwable noThread) {
            putOff(task);
            startNext();
        }
    }

    private void startNext() {
        Task next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                underWay--;
                return;
            }
        }
        start(next);
    }

    private static void putOff(Task task) {
        task.token().putOff();
        task.limit().isOver();
    }
}
