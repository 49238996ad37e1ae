package io.github.robotstream.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * What waits for a connection, in order. {@link Connection#send} takes from it under a lock of its own, so that it is locked once for many
 * messages: nothing here may wait or call back.
 */
public interface Outgoing {
    /** Nothing is to be told. */
    long NO_STAMP = Long.MIN_VALUE;

    /** The message that is to be taken next as valid UTF-8, or null if there is none now. The array is shared and is not changed any more. */
    byte @Nullable [] peek();

    /** What {@link #peek} gave was taken. */
    void taken();

    /** {@return what {@link ConnectionListener#onRead} is to be given when the client has read what was taken; asked once after that} */
    default long stamp() {
        return NO_STAMP;
    }
}
