package io.github.robotstream.internal.transport.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * {@link Tasks} on the thread that settles them, and on a clock that a test moves. What is given to it waits for {@link #settle()}, which
 * does all there is, one task at a time, whoever calls.
 */
public final class ManualTasks implements Tasks {
    private record Later(long atNanos, long order, Runnable task) {}

    private final Queue<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::atNanos).thenComparingLong(Later::order));
    private long nanos;
    private long order;
    private boolean settling;

    @Override
    public synchronized void execute(Runnable task) {
        now.add(task);
    }

    @Override
    public synchronized Timer after(Duration time, Runnable task) {
        Later entry = new Later(nanos + time.toNanos(), order++, task);
        later.add(entry);
        return () -> cancel(entry);
    }

    @Override
    public void repeat(Duration period, BooleanSupplier task) {
        after(period, () -> {
            if (task.getAsBoolean()) {
                repeat(period, task);
            }
        });
    }

    @Override
    public Step step(Runnable work) {
        AtomicBoolean waits = new AtomicBoolean();
        return () -> {
            if (waits.compareAndSet(false, true)) {
                execute(() -> {
                    waits.set(false);
                    work.run();
                });
            }
        };
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    /** Moves the clock on, and does what has become due, in its order. */
    public void advance(Duration time) {
        long until;
        synchronized (this) {
            until = nanos + time.toNanos();
        }
        while (nextDue(until)) {
            settle();
        }
        settle();
    }

    /** The whole process stands still for a while. */
    synchronized void standStill(Duration time) {
        nanos += time.toNanos();
    }

    void settle() {
        if (!begin()) {
            return; // on its way, here or on another thread
        }
        for (Optional<Runnable> task = next(); task.isPresent(); task = next()) {
            task.get().run();
        }
    }

    private synchronized void cancel(Later entry) {
        later.remove(entry);
    }

    private synchronized boolean nextDue(long until) {
        Later first = later.peek();
        if (first == null || first.atNanos() > until) {
            nanos = until;
            return false;
        }
        later.remove();
        nanos = Math.max(nanos, first.atNanos());
        now.add(first.task());
        return true;
    }

    private synchronized boolean begin() {
        boolean mine = !settling;
        settling = true;
        return mine;
    }

    private synchronized Optional<Runnable> next() {
        Optional<Runnable> task = Optional.ofNullable(now.poll());
        settling = task.isPresent();
        return task;
    }
}
