package io.github.robotstream.internal.transport.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;

/** The socket below a connection, as the event loop gives it. Any thread; nothing blocks. */
public interface Wire {

    /** Writes what the socket takes now, perhaps nothing. */
    int write(ByteBuffer bytes) throws IOException;

    /** Writes what {@link #write} has taken and the socket has not; false if the socket takes no more now. */
    default boolean flush() throws IOException {
        return true;
    }

    /** {@return how much that is: none but for TLS, which takes a record as a whole} */
    default int heldBytes() {
        return 0;
    }

    /** {@return whether what was read last had to wait for what others had sent: then the time it took tells nothing of this client} */
    default boolean waitedForOthers() {
        return false;
    }

    /** Sets how much of what is written the kernel may hold (SO_SNDBUF). */
    default void sendBuffer(int bytes) throws IOException {}

    /** Whether the event loop is to read. */
    void reading(boolean on);

    /** Whether the event loop is to tell when the socket takes more. */
    void writing(boolean on);

    /**
     * Sends the end of the stream; the other direction stays open.
     *
     * @throws IOException if the socket is closed; the caller has to {@link #cut} it, where it holds no lock
     */
    void shutdownOutput() throws IOException;

    /**
     * Closes the socket at once. The event loop then calls {@link WireListener#lost()}, under a lock of its own, so no lock that
     * {@code lost()} takes may be held here. Idempotent. Throws nothing: where it fails for want of memory, {@link #isToBeCut} is true.
     */
    void cut();

    /** {@return whether it is to be cut, or cut again, as a {@link #cut} has not come through or the event loop does not serve it any more} */
    default boolean isToBeCut() {
        return false;
    }

    InetSocketAddress remoteAddress();

    /** {@return the certificate that the client has shown and TLS has checked, with its chain; empty if there is none} */
    default List<X509Certificate> peerCertificates() {
        return List.of();
    }
}
