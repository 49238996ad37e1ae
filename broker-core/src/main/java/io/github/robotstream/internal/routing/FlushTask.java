package io.github.robotstream.internal.routing;

import org.jspecify.annotations.Nullable;

/** A session's flush, which waits among the {@link Flushes} at most once. Broker thread. */
public final class FlushTask {
    private final Runnable flush;
    /** The one that comes after it. */
    @Nullable
    FlushTask next;

    private boolean waits;

    /** A flush that nobody has asked for. */
    public FlushTask(Runnable flush) {
        this.flush = flush;
    }

    boolean beginsToWait() {
        boolean first = !waits;
        waits = true;
        return first;
    }

    void run() {
        waits = false;
        flush.run();
    }
}
