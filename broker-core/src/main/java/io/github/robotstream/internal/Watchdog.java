package io.github.robotstream.internal;

import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sees to it that the threads on which everybody depends go on, on a thread of its own. One that has stood still for a second
 * is told of once, with what holds it up, and once more when it goes on. One that has died ends the broker.
 *
 * <p>It counts its own looks and not the clock: when the whole process stood still, no thread is to blame.
 */
final class Watchdog {
    static final int LOOKS_UNTIL_STUCK = 4;
    private static final long PERIOD_MILLIS = 250;
    private static final int FRAMES_TOLD = 10; // a lock of the JDK is six deep

    /** What was seen of one thread. */
    private static final class Seen {
        private long count = Heartbeat.AT_REST;
        private int unchanged;
    }

    private final Supplier<List<Heartbeat>> watched;
    private final Consumer<LogEntry.Builder> log;
    private final Consumer<Throwable> onDeath;
    private final Map<Heartbeat, Seen> seen = new HashMap<>();
    private boolean ended; // guarded by this
    private final Thread thread = new Thread(this::run, "robotstream-watchdog");

    /**
     * A watchdog that does not look yet.
     *
     * @param watched asked at each look
     * @param onDeath told of the first thread that has died
     */
    Watchdog(Supplier<List<Heartbeat>> watched, Consumer<LogEntry.Builder> log, Consumer<Throwable> onDeath) {
        this.watched = watched;
        this.log = log;
        this.onDeath = onDeath;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** It looks no more; its thread ends soon. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits, once it looks no more, for the end of its thread, at most so long. */
    void awaitEnd(Duration limit) {
        DaemonThreads.awaitEnd(thread, limit);
    }

    private void run() {
        while (goesOn()) {}
    }

    /** Waits for the next look, by what allocates nothing, and takes it. */
    private boolean goesOn() {
        try {
            if (awaitEnd()) {
                return false;
            }
            look();
        } catch (Throwable outOfMemoryPerhaps) {
            // the next look may do better, and a watchdog that has ended would not be missed
        }
        return true;
    }

    @SuppressWarnings("WaitNotInLoop") // one look too many does no harm
    private synchronized boolean awaitEnd() {
        if (!ended) {
            try {
                wait(PERIOD_MILLIS);
            } catch (InterruptedException notOurs) {
                // nobody has a reason to interrupt it
            }
        }
        return ended;
    }

    /** One look at each of them. */
    void look() {
        List<Heartbeat> present = watched.get();
        seen.keySet().retainAll(present);
        for (Heartbeat one : present) {
            look(one, seen.computeIfAbsent(one, none -> new Seen()));
        }
    }

    private void look(Heartbeat one, Seen before) {
        long count = one.count();
        if (count != Heartbeat.AT_REST && count == before.count) {
            if (++before.unchanged == LOOKS_UNTIL_STUCK) {
                stuck(one.thread());
            }
            return;
        }
        if (before.unchanged >= LOOKS_UNTIL_STUCK) {
            tellGoesOn(one.thread(), before.unchanged * PERIOD_MILLIS);
        }
        before.count = count;
        before.unchanged = 0;
    }

    private void stuck(Thread thread) {
        tellStuck(thread);
        if (!thread.isAlive()) {
            end();
            onDeath.accept(new IllegalStateException("the thread " + thread.getName() + " has died"));
        }
    }

    private void tellStuck(Thread thread) {
        boolean lives = thread.isAlive();
        String what = thread.getName() + (lives ? " has stood still for a second" : " has ended");
        LogEntry.Builder entry = LogEntry.of(Level.ERROR, "thread_stuck", what).attribute("thread", thread.getName());
        log.accept(lives ? entry.detail(frames(thread)) : entry);
    }

    private static String frames(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .limit(FRAMES_TOLD)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
    }

    private void tellGoesOn(Thread thread, long millis) {
        log.accept(
                LogEntry.of(Level.WARN, "thread_goes_on", thread.getName() + " goes on after about " + millis + " ms")
                        .attribute("thread", thread.getName()));
    }
}
