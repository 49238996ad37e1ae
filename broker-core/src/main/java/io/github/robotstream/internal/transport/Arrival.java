package io.github.robotstream.internal.transport;

import java.util.function.Function;

/**
 * A client that asked for a WebSocket in a proper way and waits for the answer to its request: {@link #admit} or {@link #refuse}, once,
 * from any thread. Only the first verdict counts; a later one does nothing.
 *
 * <p>Until then nothing the client sends is delivered. What it sends early is held, up to 16 KiB beyond one read from the socket, and then
 * its reading stops. At most {@code Settings.arrivals} are on their way in at a time: when one more knocks, the oldest that
 * has not sent its request gives way, or else the oldest, with 503.
 */
public interface Arrival {

    /** What the client asked for. Holds the token: drop it once it is verified. */
    HandshakeRequest request();

    /**
     * Lets the client in: its WebSocket opens. {@code session} is then called on the calling thread, at most once, and returns the listener of the
     * connection. No callback is made before it has returned; then come, in order, the messages that the client sent early. What it throws
     * closes the connection with {@link CloseCode#INTERNAL_ERROR} and makes no session.
     *
     * @return false if the client has left already, gave way, or the verdict was given before: then {@code session} was not called (or
     *     threw) and nobody is told of this client again
     */
    boolean admit(Function<Connection, ConnectionListener> session);

    /** Turns the client away, see {@code RefusalStyle}; nobody is told of it again. */
    void refuse(Refusal refusal);
}
