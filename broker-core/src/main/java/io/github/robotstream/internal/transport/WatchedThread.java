package io.github.robotstream.internal.transport;

import java.util.Optional;

/** A thread that must never stand still, and how it is seen that it does not. Asked by one thread only, whose asking may be what it answers. */
public interface WatchedThread {
    /** What {@link #pulse()} is while the thread has nothing to do. */
    long AT_REST = -1;

    /** The thread, once it is known. */
    Optional<Thread> thread();

    /** Another number each time, or {@link #AT_REST}, as long as the thread does not stand still. */
    long pulse();
}
