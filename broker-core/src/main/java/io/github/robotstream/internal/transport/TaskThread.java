package io.github.robotstream.internal.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@link Tasks} on a daemon thread, which is started with the first task. */
final class TaskThread implements Tasks {
    private final ScheduledThreadPoolExecutor executor;
    private final FaultLog faults;
    private volatile Optional<Thread> started = Optional.empty();

    TaskThread(String name, FaultLog faults) {
        this.faults = faults;
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            started = Optional.of(thread);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Timer after(Duration time, Runnable task) {
        Future<?> future = executor.schedule(guarded(task), time.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    WatchedThread watched() {
        return new TaskProbe(this, () -> started);
    }

    /** Does what is to be done now, drops what is to be done later, and waits for the thread's end. */
    void end(Deadline deadline) throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(Math.max(0, deadline.leftMillis()), TimeUnit.MILLISECONDS);
        if (started.isPresent()) {
            deadline.join(started.get()); // the executor says that it has ended a moment before its thread has
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable fault) {
                faults.report("a task of the transport failed", fault);
            }
        };
    }
}
