package io.github.robotstream.internal.transport.connection;

import java.nio.ByteBuffer;

/** What is above a {@link Wire}, and told of what happens on it. */
public interface WireListener {
    /** Hears nothing. */
    WireListener NOBODY = new WireListener() {
        @Override
        public void received(ByteBuffer bytes) {}

        @Override
        public void streamEnded() {}

        @Override
        public void writable() {}

        @Override
        public void lost() {}
    };

    /** Bytes from the other end, in order, one call at a time. The buffer is the caller's again when this returns. */
    void received(ByteBuffer bytes);

    /**
     * Bytes from the other end that were only for what is between, in order with {@link #received}: a TLS record without data.
     *
     * @param cost what it counts as
     */
    default void receivedNoData(int cost) {}

    /** The other end's stream is over; told in its turn after all that was received. */
    void streamEnded();

    /** The wire takes more. May be told for nothing, so it has to cost little then. */
    void writable();

    /** There is no memory for what the other end sends. False if it cannot be told so: then the socket is to be cut. */
    default boolean overloaded() {
        return false;
    }

    /** The socket is closed, whoever closed it. */
    void lost();
}
