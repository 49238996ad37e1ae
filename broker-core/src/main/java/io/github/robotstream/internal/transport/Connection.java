package io.github.robotstream.internal.transport;

import java.net.InetSocketAddress;

/**
 * An open WebSocket. Between the broker and the socket lies one outbound lane of {@link #LANE_BYTES}, or of one larger message: a client
 * that does not read costs that much and no more.
 *
 * <p>Never throws for what the client does; that ends in {@link ConnectionListener#onClosed}.
 */
public interface Connection {
    /** What was taken by {@link #send} and waits for the socket; as much again of urgent messages. */
    int LANE_BYTES = 64 * 1024;

    /**
     * Takes text messages, each whole or not at all, as long as the client has not too much unread, and writes them as far as the socket takes
     * them; the rest follows by itself. Never blocks. Broker thread only.
     *
     * @param messages where they come from; taken from during this call only
     * @return false if the next was not taken: the lane is not drained or too much is unread, and {@link ConnectionListener#onWritable()} comes
     *     exactly once when that is over, however many were refused meanwhile; or the connection is closing, and {@link ConnectionListener#onClosed} comes or has come
     */
    boolean send(Outgoing messages);

    /**
     * Stops the delivery of messages after the one being delivered, and the reading from the socket, so that the client's own sending stops
     * when the buffers between are full. A client that leaves meanwhile is noticed when reading goes on, or something is written. Any
     * thread; idempotent.
     */
    void pauseReading();

    /** Goes on after {@link #pauseReading()}, on a transport thread. Any thread; idempotent. */
    void resumeReading();

    /**
     * Closes: what {@link #send} took goes out, then a close frame, and the socket is closed when the client has answered, or when
     * the time for the close handshake is over, whether the client answers and reads or not. From this call on nothing is
     * taken and no message is delivered. Returns at once. Any thread; only the first call counts.
     *
     * @param code one that may be sent (RFC 6455 section 7.4), see {@link CloseCode}
     * @param reason goes to the client; more than 123 bytes of UTF-8 are cut at the border of a character
     * @throws IllegalArgumentException if the code may not be sent
     */
    void close(int code, String reason);

    /** The other end of the socket. Any thread. */
    InetSocketAddress remoteAddress();

    /** Bytes that {@link #send} took and the socket did not take yet, framing included. Any thread. */
    long unsentBytes();
}
