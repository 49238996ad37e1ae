package io.github.robotstream.internal.transport.connection;

/** The event loop's part of the opening handshake: it writes the 101 (RFC 6455 section 4.2.2). */
public interface Upgrade {

    /**
     * Answers a request, by {@link SocketConnection#answer}. At most once, on any thread.
     *
     * @param head in our own words, and right
     * @return false if the socket is gone
     */
    boolean perform(byte[] head);
}
