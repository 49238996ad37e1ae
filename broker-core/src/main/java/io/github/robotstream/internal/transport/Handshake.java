package io.github.robotstream.internal.transport;

import java.util.function.Function;

/**
 * A client that sent a valid request that needs a token and waits for the answer: {@link #admit}, {@link #answer} or {@link #refuse}, once, from any thread. Only the
 * first verdict counts; a later one does nothing.
 *
 * <p>Until then nothing the client sends is delivered. What it sends early is held, up to 16 KiB beyond one read from the socket, and then
 * its socket is not read. At most {@code Settings.handshakes} have no verdict at a time: one more ends the oldest that has not sent its
 * request, or else the oldest, with 503.
 */
public interface Handshake {

    /** {@return what the client asked for} It holds the token: drop it once that is verified. */
    HandshakeRequest request();

    /**
     * Opens the client's WebSocket. {@code session} is then called on the calling thread, at most once, and returns the listener of the
     * connection. No callback is made before it has returned; then come, in order, the messages that the client sent early. What it throws
     * closes the connection with {@link CloseCode#INTERNAL_ERROR} and makes no session.
     *
     * @return false if the client has left already, or there was a verdict before: then {@code session} was not called, or threw
     */
    boolean admit(Function<Connection, ConnectionListener> session);

    /** {@return whether the client asks for a WebSocket; else it asks for the broker's metrics, gets an {@link #answer}, and is never admitted} */
    boolean wantsWebSocket();

    /** Answers what was no request for a WebSocket, and ends the connection. The body is not changed by anybody afterwards. */
    void answer(String contentType, byte[] body);

    /** Refuses the client, see {@code RefusalStyle}; one that asks for no WebSocket by an HTTP status. */
    void refuse(Refusal refusal);
}
