package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.WatchedThread;
import java.util.Optional;

/** Asks the thread of tasks whether it goes on, by a task. */
final class TaskProbe implements WatchedThread {
    private final Tasks.Step answer;
    private final Optional<Thread> thread;
    private volatile long answers;
    private long asked;

    TaskProbe(Tasks tasks, Thread thread) {
        this.answer = tasks.step(() -> answers = asked);
        this.thread = Optional.of(thread);
    }

    @Override
    public Optional<Thread> thread() {
        return thread;
    }

    @Override
    public long pulse() {
        long now = answers;
        if (asked == now) {
            asked = now + 1;
            answer.ask();
        }
        return now;
    }
}
