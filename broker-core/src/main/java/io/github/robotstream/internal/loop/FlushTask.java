package io.github.robotstream.internal.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A session's flush, which waits among the {@link Flushes} at most once. Broker thread. */
public final class FlushTask {
    final Runnable flush;
    private @Nullable FlushTask next;
    private boolean waits;

    /** A flush that nobody has asked for. */
    public FlushTask(Runnable flush) {
        this.flush = flush;
    }

    /**
     * Flushes that wait, the oldest first. Their links are in them, so that to add one cannot fail. The links are plain fields: with thousands
     * of sessions what is written for each of them decides what a message costs.
     */
    static final class Queue {
        private @Nullable FlushTask first;
        private @Nullable FlushTask last;
        private int size;

        /** Puts one in, unless it waits already, here or in another queue. */
        void add(FlushTask task) {
            if (task.waits) {
                return;
            }
            task.waits = true;
            if (last == null) {
                first = task;
            } else {
                last.next = task;
            }
            last = task;
            size++;
        }

        /** Takes out the oldest, of which there is one; from then on it may be put in again. */
        FlushTask remove() {
            FlushTask task = Objects.requireNonNull(first);
            first = task.next;
            last = first == null ? null : last;
            task.next = null;
            task.waits = false;
            size--;
            return task;
        }

        int size() {
            return size;
        }
    }
}
