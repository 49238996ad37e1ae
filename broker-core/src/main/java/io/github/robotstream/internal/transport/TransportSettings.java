package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.transport.connection.SendBuffer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * What a transport is told. Its maker has checked the values.
 *
 * @param bindAddress the address to listen on; port 0 takes any free one
 * @param path the one path that is served, without query; others are answered 404
 * @param subprotocol the subprotocol that is answered when a client offers it, never required
 * @param maxMessageBytes the largest inbound message, whole
 * @param maxHalfReceivedBytes what all connections together may hold of messages not yet complete
 * @param maxUnsentBytes what all connections together may hold of messages that wait for their sockets; beyond it those that stand still are cut off
 * @param maxConnections sockets at a time, those on their way in included; one more is answered 503
 * @param maxArrivals clients on their way in at a time: from the accepted socket to the verdict
 * @param socketSendBufferBytes SO_SNDBUF of each socket at the least, see {@link SendBuffer}: the kernel would grow it to megabytes of
 *     stale data
 * @param handshakeTimeout from the accepted socket to the end of the request's head
 * @param closeTimeout from {@link Connection#close} to the closed socket
 * @param silence how long a client may give no sign of life
 * @param refusalStyle how clients are refused
 * @param perAddress what one address may have
 * @param pages what is served to plain GETs, by path
 * @param trustedProxies whose word on where a client is counts
 * @param tls makes the TLS of each new connection, in server mode; empty for plain sockets. Called on the acceptor thread
 */
public record TransportSettings(
        InetSocketAddress bindAddress,
        String path,
        String subprotocol,
        int maxMessageBytes,
        long maxHalfReceivedBytes,
        long maxUnsentBytes,
        int maxConnections,
        int maxArrivals,
        int socketSendBufferBytes,
        Duration handshakeTimeout,
        Duration closeTimeout,
        LivenessLimits silence,
        Refusal.Style refusalStyle,
        AddressLimits perAddress,
        Map<String, Page> pages,
        Predicate<InetAddress> trustedProxies,
        Optional<Supplier<SSLEngine>> tls) {

    public TransportSettings {
        pages = Map.copyOf(pages);
    }

    /** Of each connection's outbound lane: what was taken by {@link Connection#send} and waits for the socket. */
    public static final int LANE_BYTES = 64 * 1024;

    /** The same with TLS. */
    public TransportSettings withTls(Supplier<SSLEngine> engines) {
        return new TransportSettings(
                bindAddress,
                path,
                subprotocol,
                maxMessageBytes,
                maxHalfReceivedBytes,
                maxUnsentBytes,
                maxConnections,
                maxArrivals,
                socketSendBufferBytes,
                handshakeTimeout,
                closeTimeout,
                silence,
                refusalStyle,
                perAddress,
                pages,
                trustedProxies,
                Optional.of(engines));
    }

    /** The limits of the protocol's documentation, for an address and a path. */
    public static TransportSettings defaults(InetSocketAddress bindAddress, String path) {
        return new TransportSettings(
                bindAddress,
                path,
                "robotstream.v1",
                1024 * 1024,
                Math.max(4L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16),
                Runtime.getRuntime().maxMemory() / 4,
                1256,
                256,
                128 * 1024,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                LivenessLimits.USUAL,
                Refusal.Style.FITTING,
                new AddressLimits(64, 50),
                Map.of(),
                nobody -> false,
                Optional.empty());
    }
}
