package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.worker.IntrusiveQueue;

/** A session's flush, which waits among the {@link Flushes} at most once. */
public final class FlushTask extends IntrusiveQueue.Node {
    final Runnable flush;

    /** A flush that nobody has asked for. */
    public FlushTask(Runnable flush) {
        this.flush = flush;
    }
}
