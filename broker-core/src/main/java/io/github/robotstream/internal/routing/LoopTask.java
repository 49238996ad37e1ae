package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.worker.IntrusiveQueue;

/**
 * Something that now and then wants the broker thread's attention: a session with requests or a writable socket, the log.
 * It waits in the queue of turns at most once, so that queue is bounded and nobody comes round twice before everybody did
 * once; what the attention is wanted for are flags and lanes of its own, which nothing overwrites.
 */
public abstract class LoopTask extends IntrusiveQueue.Node {
    /** Does a bounded piece of work, on the broker thread; returns whether more is left, for another turn. */
    protected abstract boolean take();
}
