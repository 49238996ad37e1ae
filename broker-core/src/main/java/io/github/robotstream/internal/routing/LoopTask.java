package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.worker.IntrusiveQueue;

/** Wants the broker thread now and then: a session, the log. Waits for it at most once; what for, its own flags and lanes say. */
public abstract class LoopTask extends IntrusiveQueue.Node {
    /** Does a bounded piece of work, on the broker thread; returns whether more is left, for another turn. */
    protected abstract boolean take();
}
