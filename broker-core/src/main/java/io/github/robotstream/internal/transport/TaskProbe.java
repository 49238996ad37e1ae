package io.github.robotstream.internal.transport;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Asks the thread of an executor whether it goes on, by a task. */
final class TaskProbe implements WatchedThread {
    private final Executor executor;
    private final Supplier<Optional<Thread>> thread;
    private volatile long answers;
    private long asked;

    TaskProbe(Executor executor, Supplier<Optional<Thread>> thread) {
        this.executor = executor;
        this.thread = thread;
    }

    @Override
    public Optional<Thread> thread() {
        return thread.get();
    }

    @Override
    public long pulse() {
        long now = answers;
        if (asked == now) {
            asked = now + 1;
            try {
                executor.execute(this::answer);
            } catch (RejectedExecutionException atItsEnd) {
                return AT_REST;
            }
        }
        return now;
    }

    private void answer() {
        answers = asked;
    }
}
