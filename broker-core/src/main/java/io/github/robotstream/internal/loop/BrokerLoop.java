package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.internal.worker.IntrusiveQueue;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The broker thread: what it does next, and when. It owns sequences, subscriptions, queues and timers; everybody else only
 * puts something into one of its entrances and goes on.
 *
 * <pre>
 * the entrance ── at most 4096 messages or a millisecond ─┐
 * overflow messages ── at most 64 ──────────────────────┤
 * turns: sessions, the log ── at most 64 ───────────────┼─> step() ─> flush each touched session once
 * timers that are due ── at most 64 ────────────────────┘
 * </pre>
 *
 * A step is bounded, so that timers and all entrances are looked at again soon whatever comes in. Without
 * {@link #startThread} a test takes the steps itself. A turn, timer or flush that throws is told and comes again a tenth of a second later, so that a
 * passing want of memory leaves nothing undone; the thread goes on.
 *
 * <p>On a machine that idles, each thread that is woken costs a message about 0.1 ms. So a thread that brings work while the broker thread is
 * parked may take the step itself, see {@link #runAndStep}. Whoever takes steps owns all that the broker thread owns: there is one at a time, and
 * each sees what the one before did.
 *
 * <p>With a flush interval, a flush comes at the earliest so long after the last one, and between the two the thread naps:
 * nobody who publishes has to wake it. What clients ask for still does, and so does an entrance that fills up.
 */
public final class BrokerLoop {
    private static final int BITE_MESSAGES = 4096;
    private static final long BITE_NANOS = 1_000_000;
    private static final int LOOK_EVERY = 16; // messages, at the clock
    private static final int BITE_OVERFLOW = 64;
    private static final int BITE_TASKS = 64;
    /** A turn is bounded by what it does; one that asks for the next is not to have all of a step. */
    private static final long BITE_TASKS_NANOS = 100_000;

    private static final int BITE_TIMERS = 64;
    private static final long LONGEST_PARK_NANOS = 1_000_000_000L;

    private final BrokerClock clock;
    private final LoopEntrance entrance;
    private final Consumer<Throwable> onFault;
    private final long longestParkNanos;
    private final IntrusiveQueue<LoopTask> tasks = new IntrusiveQueue<>();
    /** Turns that threw. */
    private final IntrusiveQueue<LoopTask> failedTasks = new IntrusiveQueue<>();

    private final Timers timers;
    private final Flushes flushes;
    private final Consumer<Throwable> tell = this::tell;
    private volatile boolean parked;
    private volatile boolean napping;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Heartbeat heartbeat;
    /** Whoever takes the steps: the broker thread but while it is parked. */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private volatile boolean wantedBack;
    // The owner's.
    private long parkedUntilNanos;
    private boolean biteEnds;
    private long failedTasksNanos;

    /**
     * A loop that does nothing yet.
     *
     * @param entrance where what robot code wants done comes in
     * @param flushIntervalNanos how long after a flush the next one may come
     * @param onFault told what a piece of work threw; the loop goes on
     */
    public BrokerLoop(BrokerClock clock, LoopEntrance entrance, long flushIntervalNanos, Consumer<Throwable> onFault) {
        this(clock, entrance, flushIntervalNanos, onFault, LONGEST_PARK_NANOS);
    }

    /** As above; the thread looks round at least so often though nobody wakes it. */
    public BrokerLoop(
            BrokerClock clock,
            LoopEntrance entrance,
            long flushIntervalNanos,
            Consumer<Throwable> onFault,
            long longestParkNanos) {
        this.clock = clock;
        this.timers = new Timers(clock);
        this.entrance = entrance;
        this.flushes = new Flushes(clock, flushIntervalNanos);
        this.onFault = onFault;
        this.longestParkNanos = longestParkNanos;
    }

    /** Begins to take steps in a thread of its own. */
    public void startThread() {
        Thread broker = new Thread(this::run, "robotstream-broker");
        broker.setDaemon(true);
        heartbeat = new Heartbeat(broker);
        thread = broker;
        broker.start();
    }

    /** A message was put into the entrance; any thread. */
    public void entranceHasMore() {
        if (!napping || entrance.isUrgent()) {
            wake();
        }
    }

    /** Puts in a command of the robot's, in order with its messages; any thread but the broker's. After the end it is left undone. */
    public void execute(Runnable command) {
        entrance.offer(command);
        wake();
    }

    /** Asks for attention; any thread. It allocates nothing, takes no lock, and asks once however often it is called before the turn. */
    public void wake(LoopTask turn) {
        tasks.offer(turn);
        wake();
    }

    /** Asks for a flush at the end of this step; broker thread. */
    public void flushAfterwards(FlushTask flush) {
        flushes.add(flush);
    }

    /**
     * Flushes whatever the interval, before more messages of the robot's and before the next turn; broker thread. For a queue that fills up,
     * or is not empty after its flush, though its socket is free.
     */
    public void flushSoon() {
        biteEnds = true;
        flushes.hurry();
    }

    /** Has something done later; broker thread. */
    public Timers.Timer schedule(long delayNanos, Runnable action) {
        return timers.schedule(delayNanos, action);
    }

    /** Has something done at once, and each time so long after the last, whatever it throws; broker thread. */
    public Timers.Timer repeat(long periodNanos, Runnable action) {
        return timers.repeat(periodNanos, action);
    }

    /** Takes back what was scheduled, if it was not done yet; broker thread. */
    public void cancel(Timers.Timer timer) {
        timers.cancel(timer);
    }

    /**
     * Does a bounded piece of work.
     *
     * @return whether more waits already
     */
    public boolean step() {
        takeEntrance();
        takeOverflow();
        flushIfBiteEnds();
        takeTasks();
        takeTimers();
        flushes.take(tell);
        return !entrance.isEmpty() || !tasks.isEmpty() || flushes.isDue() || timers.isDue();
    }

    /**
     * Takes a step if no thread does, or the one that did has died.
     *
     * @return whether it took one
     */
    public boolean stepByHand() {
        if (thread != null && !hasDied()) {
            return false;
        }
        step();
        return true;
    }

    /** Whether there was a thread, and it has died or could not be started. */
    public boolean hasDied() {
        Thread broker = thread;
        return broker != null && !broker.isAlive();
    }

    /** The broker thread's, if there is one. */
    public Optional<Heartbeat> heartbeat() {
        return Optional.ofNullable(heartbeat);
    }

    /** Waits for something that the broker thread does; not for the broker thread itself. False if the time is over. */
    public boolean await(CountDownLatch latch, long timeoutNanos) {
        long began = System.nanoTime();
        while (latch.getCount() > 0 && stepByHand()) {
            if (ended || System.nanoTime() - began > timeoutNanos) {
                return false;
            }
        }
        try {
            return latch.await(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Does work that asks for turns, and if the broker thread is parked, takes a step for it here instead of waking that thread. Any thread but the
     * broker's; what the work throws comes out after the step.
     */
    public void runAndStep(Runnable work) {
        if (!parked || !owner.compareAndSet(null, Thread.currentThread())) {
            work.run();
            return;
        }
        try {
            work.run();
        } finally {
            stepAndGiveBack();
        }
    }

    private void stepAndGiveBack() {
        boolean more = true;
        try {
            more = step() || isParkedTooLong();
        } catch (Throwable t) {
            tell(t);
        } finally {
            owner.set(null);
            if (wantedBack) {
                LockSupport.unpark(thread);
            } else if (more) {
                wake();
            }
        }
    }

    private void takeEntrance() {
        long began = clock.nanoTime();
        biteEnds = false;
        int nextLook = LOOK_EVERY;
        for (int taken = 0; taken < BITE_MESSAGES && !biteEnds; ) {
            int more = takeFromEntrance();
            taken += more;
            if (more == 0 || (taken >= nextLook && clock.nanoTime() - began > BITE_NANOS)) {
                return;
            }
            if (taken >= nextLook) {
                nextLook = taken + LOOK_EVERY;
            }
        }
    }

    private int takeFromEntrance() {
        try {
            return entrance.take();
        } catch (Throwable t) {
            tell(t);
            return 1;
        }
    }

    private void takeOverflow() {
        try {
            entrance.takeOverflow(BITE_OVERFLOW);
        } catch (Throwable t) {
            tell(t);
        }
    }

    /** A queue that fills up though its socket is free gets no more before the socket has had some of it. */
    private void flushIfBiteEnds() {
        if (biteEnds) {
            biteEnds = false;
            flushes.take(tell);
        }
    }

    private void takeTasks() {
        if (nanosToFailedTasks() <= 0) {
            for (LoopTask turn = failedTasks.poll(); turn != null; turn = failedTasks.poll()) {
                tasks.offer(turn);
            }
        }
        long began = clock.nanoTime();
        for (int i = 0; i < BITE_TASKS && clock.nanoTime() - began <= BITE_TASKS_NANOS; i++) {
            LoopTask turn = tasks.poll();
            if (turn == null) {
                return;
            }
            try {
                if (turn.take()) {
                    tasks.offer(turn);
                }
                flushIfBiteEnds();
            } catch (Throwable t) {
                comesAgain(turn);
                tell(t);
            }
        }
    }

    private void comesAgain(LoopTask turn) {
        if (failedTasks.isEmpty()) {
            failedTasksNanos = clock.nanoTime() + LoopTask.RETRY_NANOS;
        }
        failedTasks.offer(turn); // unless it was asked for meanwhile
    }

    private long nanosToFailedTasks() {
        return failedTasks.isEmpty() ? Long.MAX_VALUE : failedTasksNanos - clock.nanoTime();
    }

    private void takeTimers() {
        for (int i = 0; i < BITE_TIMERS && timers.isDue(); i++) {
            try {
                timers.runNext();
            } catch (Throwable t) {
                tell(t);
            }
        }
    }

    private void tell(Throwable fault) {
        try {
            onFault.accept(fault);
        } catch (Throwable t) {
            // Nobody is left to tell, and the loop has to go on.
        }
    }

    private void run() {
        Heartbeat itsHeartbeat = Objects.requireNonNull(heartbeat);
        while (!ended) {
            try {
                if (!ownAndStep(itsHeartbeat)) {
                    park();
                }
            } catch (Throwable t) {
                tell(t);
            }
        }
        own(); // so that no step is taken any more when the thread has ended
    }

    private boolean ownAndStep(Heartbeat itsHeartbeat) {
        itsHeartbeat.beat();
        try {
            own();
            return step();
        } finally {
            itsHeartbeat.beat();
        }
    }

    /** Waits for the end of a step that another thread takes. */
    private void own() {
        Thread broker = Thread.currentThread();
        while (owner.get() != broker && !owner.compareAndSet(null, broker)) {
            wantedBack = true;
            if (owner.get() != null) {
                LockSupport.park(this);
            }
        }
        wantedBack = false;
    }

    private void park() {
        long toFlush = flushes.nanosToInterval();
        boolean naps = toFlush > 0;
        napping = naps;
        parked = !naps;
        // Looked at once more: whoever put something in before this saw nobody to wake.
        boolean nothingCame = (naps ? !entrance.isUrgent() : entrance.isEmpty()) && tasks.isEmpty() && !ended;
        long now = clock.nanoTime(); // first: what it waits for is not to seem nearer later on
        long wait = Math.min(naps ? toFlush : longestParkNanos, nanosToLater());
        try {
            if (nothingCame && wait > 0) {
                parkedUntilNanos = now + wait;
                owner.set(null);
                LockSupport.parkNanos(this, wait);
            }
        } finally {
            parked = false;
            napping = false;
        }
    }

    /** Whether the broker thread has to look again earlier than when it was parked. */
    private boolean isParkedTooLong() {
        return flushes.nanosToInterval() > 0 || nanosToLater() < parkedUntilNanos - clock.nanoTime();
    }

    private long nanosToLater() {
        return Math.min(timers.nanosToNext(), Math.min(nanosToFailedTasks(), flushes.nanosToRetry()));
    }

    private void wake() {
        if ((parked || napping) && owner.get() != Thread.currentThread()) {
            boolean naps = napping;
            // First: after the unpark the thread may have begun to park once more.
            parked = false;
            napping = false;
            try {
                LockSupport.unpark(thread);
            } catch (Throwable outOfStack) {
                parked = !naps;
                napping = naps;
                throw outOfStack;
            }
        }
    }

    /** Takes no more steps and waits for the thread to end, at most as long as is said. */
    public void end(long timeoutNanos) {
        ended = true;
        entrance.close();
        Thread broker = thread;
        if (broker == null || broker == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(broker);
        try {
            broker.join(Math.max(1, timeoutNanos / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
