package io.github.robotstream.internal.transport;

import org.jspecify.annotations.Nullable;

/**
 * What waits for a connection, in order. {@link Connection#send} takes from it under a lock of its own, so that it is locked once for many
 * messages: nothing here may wait or call back.
 */
public interface Outgoing {
    /** Nothing is to be told. */
    long NO_STAMP = Long.MIN_VALUE;

    /** The message that is to be taken next, or null if there is none now. The same object until it is taken. */
    @Nullable
    OutboundMessage peek();

    /** Whether what {@link #peek} gave goes before messages that were taken and are not written yet. */
    default boolean isUrgent() {
        return false;
    }

    /** Whether a newer message takes the place of one that waits, so that nothing is lost by waiting. */
    default boolean conflates() {
        return false;
    }

    /** Told before others are asked for: how long what is taken now waits until it is read, about; 0 for no time that is known. */
    default void readDelay(long nanos) {}

    /** Told after a refusal: the client is not late, and is to be sent more at once when it has shown how fast it reads. */
    default void waitsForRoundTrip() {}

    /** What {@link #peek} gave was taken. */
    void taken();

    /** Whoever takes messages one after the other. */
    interface Taker {
        /** Takes a message; false if not: then it is given no more. */
        boolean take(OutboundMessage message);
    }

    /**
     * Has messages taken as long as they are, each as if {@link #peek} had given it: so what waits is gone through in one loop.
     *
     * @return whether {@link #peek} has none to give now
     */
    default boolean handOver(Taker taker) {
        OutboundMessage next = peek();
        while (next != null && taker.take(next)) {
            taken();
            next = peek();
        }
        return next == null;
    }

    /** {@return what {@link ConnectionListener#onRead} is to be given when the client has read what was taken; asked once after that} */
    default long stamp() {
        return NO_STAMP;
    }
}
