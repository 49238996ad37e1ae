package io.github.robotstream.internal.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A daemon thread that calls user code, one call at a time, so that nobody else waits for it.
 *
 * <p>Items wait in order of arrival; each takes room in a {@link Budget} until the call that took it has ended, so the
 * queue is as bounded as its budgets. What the user code throws is counted and told to the {@link Work}; the thread goes
 * on. The only lock is never held across user code.
 *
 * <pre>
 *   new ── start ──> runs ── close ──> drains ── queue empty ──> end() ──> over
 *                                        └─ limit over: gives up what waits, interrupts ──> end() once the call is back
 * </pre>
 */
public final class Worker<T> {
    private record Waiting<T>(T item, Budget budget, long weight) {}

    private interface UserCall {
        void run() throws Exception;
    }

    private final Work<T> work;
    private final int maxBatch;
    private final Thread thread;
    private final AtomicLong failures = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting<T>> queue = new ArrayDeque<>();
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
        lock.lock();
        try {
            thread.start();
            started = true;
        } finally {
            lock.unlock();
        }
    }

    /** Queues an item and never waits; false if the budget has no room or the worker is closing: the item is lost. */
    public boolean offer(T item, Budget budget, long weight) {
        lock.lock();
        try {
            if (closing) {
                budget.refuse();
                return false;
            }
            if (!budget.take(weight)) {
                return false;
            }
            queue.add(new Waiting<>(item, budget, weight));
            if (queue.size() == 1) {
                changed.signalAll();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller runs on the worker's thread, that is, inside user code. */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** How many calls of user code threw. */
    public long failures() {
        return failures.get();
    }

    /**
     * Takes nothing more, has the queue worked off and {@link Work#end} called, and waits for that and for the end of the
     * thread at most as long as the limit says, even if the calling thread is interrupted; what is left then is given up. On
     * the worker's own thread it does not wait.
     *
     * @return whether everything is done
     */
    public boolean close(Duration limit) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        List<Waiting<T>> left = List.of();
        boolean done;
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            if (!started || isCurrentThread()) {
                return !started || over;
            }
            done = awaitOver(deadline);
            if (!done) {
                left = giveUp();
            }
        } finally {
            lock.unlock();
        }
        if (done) {
            // It says so just before its end.
            DaemonThreads.awaitEnd(thread, Duration.ofNanos(deadline - System.nanoTime()));
            return true;
        }
        left.forEach(waiting -> waiting.budget().lose(waiting.weight()));
        work.abandoned(left.stream().map(Waiting::item).toList());
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
                changed.awaitNanos(left);
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
        left.addAll(queue);
        running = List.of();
        queue.clear();
        thread.interrupt();
        return left;
    }

    private void loop() {
        try {
            List<T> batch = next();
            while (!batch.isEmpty()) {
                List<T> items = batch;
                guarded(items, () -> work.run(items));
                giveRoomBack();
                batch = next();
            }
            guarded(List.of(), work::end);
        } finally {
            lock.lock();
            try {
                over = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for the next batch; an empty one says that the worker is closing and nothing waits. */
    private List<T> next() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            running = takeBatch();
            return running.stream().map(Waiting::item).toList();
        } finally {
            // An interrupt was meant for the user call that is over, not for the next one.
            Thread.interrupted();
            lock.unlock();
        }
    }

    private List<Waiting<T>> takeBatch() {
        List<Waiting<T>> batch = new ArrayList<>();
        Waiting<T> next = queue.peek();
        while (next != null
                && batch.size() < maxBatch
                && (batch.isEmpty() || work.joins(batch.get(0).item(), next.item()))) {
            batch.add(next);
            queue.remove();
            next = queue.peek();
        }
        return batch;
    }

    private void giveRoomBack() {
        List<Waiting<T>> done;
        lock.lock();
        try {
            done = running;
            running = List.of();
        } finally {
            lock.unlock();
        }
        done.forEach(waiting -> waiting.budget().give(waiting.weight()));
    }

    private void guarded(List<T> batch, UserCall call) {
        try {
            call.run();
        } catch (Throwable cause) {
            failures.incrementAndGet();
            if (batch.isEmpty() || !givenUp()) {
                tellFailure(batch, cause);
            }
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
        lock.lock();
        try {
            return running.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
