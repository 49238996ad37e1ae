package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.worker.Heartbeat;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A bound port and all connections that came through it. It accepts from the moment it exists; what arrives goes to the
 * {@link HandshakeListener} it was made with.
 *
 * <p>Thread-safe.
 */
public interface Transport {

    /** {@return the address that is bound, with the actual port where port 0 was asked for} */
    InetSocketAddress address();

    /** {@return the sockets that are open now, those without a verdict and those being closed included} */
    int connections();

    /** {@return the threads of this transport that must not block, as they are now} */
    default List<Heartbeat> watchedThreads() {
        return List.of();
    }

    /** Closes the port. Open connections stay open, and requests that were begun go on. Idempotent. */
    void stopAccepting();

    /**
     * Ends everything: closes the port, closes what is still open with 1001, and cuts off what is not gone when the time is nearly up.
     * When it returns each connection has had its {@link ConnectionListener#onClosed}, every socket is closed and every thread of the
     * transport has ended; only a listener that is stuck in a callback can keep its thread longer, and that is logged. Idempotent.
     *
     * <p>Blocks for at most {@code timeout}. Not to be called from a callback of this transport.
     */
    void close(Duration timeout);
}
