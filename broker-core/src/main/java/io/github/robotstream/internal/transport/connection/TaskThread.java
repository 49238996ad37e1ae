package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.worker.Heartbeat;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Tasks} on a daemon thread. Its loop takes no memory of its own, so that a full heap fails whoever gives it something to do and never
 * the thread.
 */
public final class TaskThread implements Tasks {
    /** What was given, newest first, linked through the work itself; {@link #over} once the thread takes no more. */
    private final AtomicReference<@Nullable Work> given = new AtomicReference<>();

    private final Work over = new Work(() -> {});
    private final PriorityQueue<Later> timers = new PriorityQueue<>(); // under its monitor
    private final FaultLog faults;
    private final Thread thread;
    private final Heartbeat heartbeat;
    private volatile boolean ending;

    private TaskThread(String name, FaultLog faults) {
        this.faults = faults;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        this.heartbeat = new Heartbeat(thread);
    }

    /**
     * Makes one and starts its thread.
     *
     * @throws OutOfMemoryError if there is no thread to be had
     */
    public static TaskThread start(String name, FaultLog faults) {
        TaskThread tasks = new TaskThread(name, faults);
        tasks.thread.start();
        return tasks;
    }

    @Override
    public void execute(Runnable task) {
        if (!give(new Work(task))) {
            throw refused();
        }
    }

    @Override
    public Timer after(Duration time, Runnable task) {
        return add(new Later(
                time,
                () -> {
                    task.run();
                    return false;
                },
                false));
    }

    @Override
    public void repeat(Duration period, BooleanSupplier task) {
        add(new Later(period, task, true));
    }

    @Override
    public Step step(Runnable work) {
        return new Work(work);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    /** Does what is to be done now, drops what is to be done later, and waits for the thread's end; one that stands still is interrupted. */
    public void end(Deadline deadline) throws InterruptedException {
        ending = true;
        LockSupport.unpark(thread);
        try {
            deadline.join(thread);
        } finally {
            if (thread.isAlive()) {
                thread.interrupt();
            }
        }
    }

    private Later add(Later later) {
        if (ending) {
            throw refused();
        }
        synchronized (timers) {
            timers.add(later);
        }
        LockSupport.unpark(thread);
        return later;
    }

    private static RejectedExecutionException refused() {
        return new RejectedExecutionException("the transport is closed");
    }

    /** False once the thread takes no more. */
    private boolean give(Work work) {
        Work head;
        do {
            head = given.get();
            if (head == over) {
                return false;
            }
            work.next = head;
        } while (!given.compareAndSet(head, work));
        LockSupport.unpark(thread);
        return true;
    }

    private void run() {
        while (given.get() != over) {
            try {
                heartbeat.beat();
                try {
                    doGiven();
                    doDue();
                } finally {
                    heartbeat.beat();
                }
                if (ending) {
                    given.compareAndSet(null, over);
                } else {
                    sleep();
                }
            } catch (Throwable fault) {
                failed(fault);
            }
        }
    }

    private void doGiven() {
        Work oldest = null;
        for (Work work = given.getAndSet(null); work != null; ) {
            Work older = work.next;
            work.next = oldest;
            oldest = work;
            work = older;
        }
        while (oldest != null) {
            Work work = oldest;
            oldest = work.next;
            work.next = null;
            work.run();
        }
    }

    private void doDue() {
        for (Later later = nextDue(); later != null; later = nextDue()) {
            later.run();
        }
    }

    private @Nullable Later nextDue() {
        synchronized (timers) {
            Later first = timers.peek();
            long now = System.nanoTime();
            if (ending || first == null || first.atNanos - now > 0) {
                return null;
            }
            timers.poll();
            if (first.repeats) {
                first.atNanos = now + first.periodNanos;
                timers.add(first); // has room, as it was just taken out
            }
            return first;
        }
    }

    private void sleep() {
        long nanos;
        synchronized (timers) {
            Later first = timers.peek();
            nanos = first == null ? Long.MAX_VALUE : first.atNanos - System.nanoTime();
        }
        if (given.get() == null && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    private void failed(Throwable fault) {
        try {
            faults.report("a task of the transport failed", fault);
        } catch (Throwable noMemoryToTellIt) {
            // Goes on: even the first use of a literal takes memory.
        }
    }

    /** Something to do, which waits at most once at a time. */
    private final class Work implements Step {
        // One for each client: a number in an object of its own would take more memory.
        private static final AtomicIntegerFieldUpdater<Work> WAITS =
                AtomicIntegerFieldUpdater.newUpdater(Work.class, "waits");

        private final Runnable task;

        @SuppressWarnings("UnusedVariable") // its updater reads it
        private volatile int waits; // 0 or 1

        private @Nullable Work next; // of whoever gives it, and then of the thread

        Work(Runnable task) {
            this.task = task;
        }

        @Override
        public void ask() {
            if (WAITS.compareAndSet(this, 0, 1)) {
                give(this);
            }
        }

        private void run() {
            waits = 0;
            try {
                task.run();
            } catch (Throwable fault) {
                failed(fault);
            }
        }
    }

    private final class Later implements Timer, Comparable<Later> {
        private final long periodNanos;
        private final BooleanSupplier task;
        private final boolean repeats;
        private long atNanos;

        Later(Duration period, BooleanSupplier task, boolean repeats) {
            this.periodNanos = period.toNanos();
            this.task = task;
            this.repeats = repeats;
            this.atNanos = System.nanoTime() + periodNanos;
        }

        private void run() {
            try {
                if (!task.getAsBoolean()) {
                    cancel();
                }
            } catch (Throwable fault) {
                failed(fault);
            }
        }

        @Override
        public void cancel() {
            synchronized (timers) {
                timers.remove(this);
            }
        }

        @Override
        public int compareTo(Later other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }
}
