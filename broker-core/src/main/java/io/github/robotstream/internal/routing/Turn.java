package io.github.robotstream.internal.routing;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that now and then wants the broker thread's attention: a session with requests or a writable socket, the log.
 * It waits in the queue of turns at most once, so that queue is bounded and nobody comes round twice before everybody did
 * once; what the attention is wanted for are flags and lanes of its own, which nothing overwrites.
 */
public abstract class Turn {
    private final AtomicBoolean waiting = new AtomicBoolean();

    /**
     * Does a bounded piece of work; broker thread.
     *
     * @return whether more is left, for another turn
     */
    protected abstract boolean take();

    final boolean beginsToWait() {
        return waiting.compareAndSet(false, true);
    }

    final void isTaken() {
        waiting.set(false);
    }
}
