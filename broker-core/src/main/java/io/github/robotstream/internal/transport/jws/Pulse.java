package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.WatchedThread;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Shows by a count whether a thread is at work, for one that cannot be given a task to answer: two plain writes a piece of work. */
final class Pulse implements WatchedThread {
    private final Thread thread;
    private final AtomicLong count = new AtomicLong(); // even while at rest; written by the thread only

    Pulse(Thread thread) {
        this.thread = thread;
    }

    /** The thread begins or ends a piece of work. */
    void beat() {
        count.lazySet(count.getPlain() + 1);
    }

    @Override
    public Optional<Thread> thread() {
        return Optional.of(thread);
    }

    @Override
    public long pulse() {
        long now = count.get();
        return (now & 1) == 0 ? AT_REST : now;
    }
}
