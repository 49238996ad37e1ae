package io.github.robotstream.internal.worker;

import java.util.concurrent.atomic.AtomicLong;

/** Shows by a count whether a thread that must never stand still goes on, and costs nothing while it rests: two plain writes a piece of work. */
public final class Heartbeat {
    /** What {@link #count()} is while the thread has nothing to do. */
    public static final long AT_REST = -1;

    private final Thread thread;
    private final AtomicLong count = new AtomicLong(); // even while at rest; written by the thread only

    public Heartbeat(Thread thread) {
        this.thread = thread;
    }

    /** The thread begins or ends a piece of work. */
    public void beat() {
        count.lazySet(count.getPlain() + 1);
    }

    public Thread thread() {
        return thread;
    }

    /** Another number with each piece of work, or {@link #AT_REST}; of a thread that has died always the same number. Any thread. */
    public long count() {
        long now = count.get();
        return (now & 1) == 0 && thread.isAlive() ? AT_REST : now;
    }
}
