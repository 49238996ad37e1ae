package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.worker.IntrusiveQueue;

/** Wants the broker thread now and then: a session, the log. Waits for it at most once; what for, its own flags and lanes say. */
public abstract class LoopTask extends IntrusiveQueue.Node {
    /** After that time what threw comes again: a turn, a timer, a flush. */
    static final long RETRY_NANOS = 100_000_000L;

    /** Does a bounded piece of work, on the broker thread; returns whether more is left, for another turn. */
    protected abstract boolean take();
}
