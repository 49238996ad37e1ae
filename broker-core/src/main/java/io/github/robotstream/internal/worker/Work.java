package io.github.robotstream.internal.worker;

import java.util.List;

/** What a {@link Worker} does with its items. Everything but {@link #abandoned} is called on the worker's thread. */
public interface Work<T> {
    /** Whether {@code next} may be in one batch with {@code first}, which begins it; quick, throws nothing. Not unless overridden. */
    default boolean joins(T first, T next) {
        return false;
    }

    /** One call of user code: may block, may throw anything. The batch holds at least one item and does not change. */
    void run(List<T> batch) throws Exception;

    /**
     * What is due while nothing waits; may block, may throw anything. Called whenever the queue has become empty, and again when
     * the answered time is over.
     *
     * @return nanoseconds until it is to come again, if no item comes until then
     */
    default long idle() throws Exception {
        return Long.MAX_VALUE;
    }

    /** Told after {@link #run} threw, or, with an empty batch, after {@link #idle} or {@link #end} did. */
    void failed(List<T> batch, Throwable cause);

    /** Told, on the thread that closes the worker, what was not done within its time limit; nothing if {@link #end} is stuck. */
    void abandoned(List<T> items);

    /** The last call, also after a stuck call that came back too late. May block, may throw anything. */
    void end() throws Exception;
}
