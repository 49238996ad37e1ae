package io.github.robotstream.internal.transport.connection;

import java.nio.ByteBuffer;

/** What is told of the events of a {@link Wire}. */
public interface WireListener {
    /** Bytes from the other end, in order, one call at a time. The buffer is the caller's again when this returns. */
    void received(ByteBuffer bytes);

    /**
     * A TLS record without data, in order with {@link #received}.
     *
     * @param cost how many bytes it counts as
     */
    default void receivedNoData(int cost) {}

    /** The stream of the other end is over, after all that was received. */
    void streamEnded();

    /** The wire takes more. May be told without need, so it has to cost little then. */
    void writable();

    /** There is no memory for what the other end sends. False if it cannot be told so: then the socket is to be cut. */
    default boolean overloaded() {
        return false;
    }

    /** The socket is closed, whoever closed it. */
    void lost();
}
