package io.github.robotstream.internal.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that calls user code, one call at a time, so that nobody else waits for it.
 *
 * <p>Items wait in the order in which they came; each takes room in a {@link Budget} until the call that took it has ended, so the
 * queue is as bounded as its budgets. What the user code throws is counted and told to the {@link Work}; the thread goes
 * on. The only lock is never held across user code.
 *
 * <p>Want of memory does not end the thread and loses no item: whatever has to be allocated is allocated before anything is changed. The lock is a
 * monitor and the queue's links are in what waits, since the JDK's locks and collections allocate where they wait or grow.
 *
 * <pre>
 *   new ── start ──> runs ── close ──> drains ── queue empty ──> end() ──> over
 *                                        └─ limit over: gives up what waits, interrupts ──> end() once the call is back
 * </pre>
 */
public final class Worker<T> {
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final class Waiting<T> {
        private final T item;
        private final Budget budget;
        private final long weight;
        private @Nullable Waiting<T> next;

        Waiting(T item, Budget budget, long weight) {
            this.item = item;
            this.budget = budget;
            this.weight = weight;
        }
    }

    private final Work<T> work;
    private final int maxBatch;
    private final Thread thread;
    private final AtomicLong failures = new AtomicLong();

    private final Object lock = new Object();
    private @Nullable Waiting<T> first;
    private @Nullable Waiting<T> last;
    private List<Waiting<T>> running = List.of();
    private boolean started;
    private boolean closing;
    private boolean over;

    /** A worker that is not started yet; items may be offered already. */
    public Worker(String threadName, int maxBatch, Work<T> work) {
        this.work = work;
        this.maxBatch = maxBatch;
        this.thread = new Thread(this::loop, threadName);
        thread.setDaemon(true);
    }

    /** Starts the thread; to be called once. */
    public void start() {
        synchronized (lock) {
            thread.start();
            started = true;
        }
    }

    /** Queues an item and never waits; false if the budget has no room or the worker is closing: the item is lost. */
    public boolean offer(T item, Budget budget, long weight) {
        Waiting<T> waiting = new Waiting<>(item, budget, weight);
        synchronized (lock) {
            if (closing) {
                budget.refuse();
                return false;
            }
            if (!budget.take(weight)) {
                return false;
            }
            if (last == null) {
                first = waiting;
                lock.notifyAll();
            } else {
                last.next = waiting;
            }
            last = waiting;
            return true;
        }
    }

    /** Whether the caller runs on the worker's thread, that is, inside user code. */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    public long failures() {
        return failures.get();
    }

    /**
     * Takes nothing more, has the queue worked off and {@link Work#end} called, and waits for the end of the thread no longer
     * than the limit, even if interrupted; not on the worker's own thread. Gives up what is left then, and returns whether
     * nothing was.
     */
    public boolean close(Duration limit) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        List<Waiting<T>> left = List.of();
        boolean done;
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
            if (!started || isCurrentThread()) {
                return !started || over;
            }
            done = awaitOver(deadline);
            if (!done) {
                thread.interrupt();
                left = giveUp();
            }
        }
        if (done) {
            // It says so just before its end.
            DaemonThreads.awaitEnd(thread, Duration.ofNanos(deadline - System.nanoTime()));
            return true;
        }
        left.forEach(waiting -> waiting.budget.lose(waiting.weight));
        work.abandoned(left.stream().map(waiting -> waiting.item).toList());
        return false;
    }

    private boolean awaitOver(long deadline) {
        boolean interrupted = false;
        while (!over) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return over;
    }

    private List<Waiting<T>> giveUp() {
        List<Waiting<T>> left = new ArrayList<>(running);
        for (Waiting<T> next = first; next != null; next = next.next) {
            left.add(next);
        }
        running = List.of();
        first = null;
        last = null;
        return left;
    }

    private void loop() {
        while (takesBatch()) {}
        end();
        synchronized (lock) {
            over = true;
            lock.notifyAll();
        }
    }

    /** Waits for the next batch and has it done; false once the worker is closing and nothing waits. */
    private boolean takesBatch() {
        try {
            idle();
            List<T> batch = next();
            if (batch.isEmpty()) {
                return false;
            }
            run(batch);
        } catch (Throwable wantOfMemory) {
            // Nothing was taken from the queue. Not at once: it would be the same.
            failures.incrementAndGet();
            LockSupport.parkNanos(this, REST_NANOS);
        }
        return true;
    }

    /** Has the work do what is due, until an item waits or the worker is closing. */
    private void idle() {
        long nanos = 0;
        while (staysIdle(nanos)) {
            nanos = idleOnce();
        }
    }

    private boolean staysIdle(long nanos) {
        synchronized (lock) {
            try {
                if (nanos > 0 && first == null && !closing) {
                    TimeUnit.NANOSECONDS.timedWait(lock, nanos);
                }
            } catch (InterruptedException meantForTheCallThatIsOver) {
                // the next call is not to be interrupted
            }
            return first == null && !closing;
        }
    }

    private long idleOnce() {
        try {
            return work.idle();
        } catch (Throwable cause) {
            failures.incrementAndGet();
            tellFailure(List.of(), cause);
            return Long.MAX_VALUE;
        }
    }

    private void run(List<T> batch) {
        try {
            work.run(batch);
        } catch (Throwable cause) {
            failures.incrementAndGet();
            if (!givenUp()) {
                tellFailure(batch, cause);
            }
        } finally {
            giveRoomBack();
        }
    }

    private void end() {
        try {
            work.end();
        } catch (Throwable cause) {
            failures.incrementAndGet();
            tellFailure(List.of(), cause);
        }
    }

    /** The next batch; an empty one says that the worker is closing and nothing waits. */
    private List<T> next() {
        synchronized (lock) {
            List<T> batch = takeBatch();
            Thread.interrupted(); // the same
            return batch;
        }
    }

    private List<T> takeBatch() {
        int size = batchSize();
        List<Waiting<T>> taken = new ArrayList<>(size);
        List<T> items = new ArrayList<>(size);
        List<T> batch = Collections.unmodifiableList(items);
        // From here on nothing is allocated.
        for (Waiting<T> next = first; taken.size() < size && next != null; next = next.next) {
            taken.add(next);
            items.add(next.item);
            first = next.next;
        }
        if (first == null) {
            last = null;
        }
        running = taken;
        return batch;
    }

    private int batchSize() {
        int size = 0;
        for (Waiting<T> next = first; next != null && size < maxBatch && joins(next); next = next.next) {
            size++;
        }
        return size;
    }

    private boolean joins(Waiting<T> next) {
        return first == null || next == first || work.joins(first.item, next.item);
    }

    private void giveRoomBack() {
        List<Waiting<T>> done;
        synchronized (lock) {
            done = running;
            running = List.of();
        }
        for (int i = 0; i < done.size(); i++) { // without an iterator
            done.get(i).budget.give(done.get(i).weight);
        }
    }

    /** Telling reads the user's exception and allocates, either of which may throw; the thread goes on. */
    private void tellFailure(List<T> batch, Throwable cause) {
        try {
            work.failed(batch, cause);
        } catch (Throwable e) {
            failures.incrementAndGet();
        }
    }

    /** Whether the batch in the user call was given up, and so told as lost, in the meantime. */
    private boolean givenUp() {
        synchronized (lock) {
            return running.isEmpty();
        }
    }
}
