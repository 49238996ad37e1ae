package io.github.robotstream.internal.transport;

import java.time.Duration;
import java.util.Map;

/** Settings with one value changed. */
record Limits(TransportSettings base) {

    TransportSettings maxArrivals(int count) {
        return with(
                base.maxHalfReceivedBytes(),
                base.maxConnections(),
                count,
                base.handshakeTimeout(),
                base.closeTimeout());
    }

    TransportSettings maxConnections(int count) {
        return with(
                base.maxHalfReceivedBytes(), count, base.maxArrivals(), base.handshakeTimeout(), base.closeTimeout());
    }

    TransportSettings maxHalfReceivedBytes(long bytes) {
        return with(bytes, base.maxConnections(), base.maxArrivals(), base.handshakeTimeout(), base.closeTimeout());
    }

    TransportSettings handshakeTimeout(Duration time) {
        return with(base.maxHalfReceivedBytes(), base.maxConnections(), base.maxArrivals(), time, base.closeTimeout());
    }

    TransportSettings closeTimeout(Duration time) {
        return with(
                base.maxHalfReceivedBytes(), base.maxConnections(), base.maxArrivals(), base.handshakeTimeout(), time);
    }

    TransportSettings silence(Silence silence) {
        return new TransportSettings(
                base.bindAddress(),
                base.path(),
                base.subprotocol(),
                base.maxMessageBytes(),
                base.maxHalfReceivedBytes(),
                base.maxConnections(),
                base.maxArrivals(),
                base.socketSendBufferBytes(),
                base.handshakeTimeout(),
                base.closeTimeout(),
                silence,
                base.refusalStyle(),
                base.maxConnectionsPerAddress(),
                base.pages(),
                base.tls());
    }

    TransportSettings pages(Map<String, Page> pages) {
        return new TransportSettings(
                base.bindAddress(),
                base.path(),
                base.subprotocol(),
                base.maxMessageBytes(),
                base.maxHalfReceivedBytes(),
                base.maxConnections(),
                base.maxArrivals(),
                base.socketSendBufferBytes(),
                base.handshakeTimeout(),
                base.closeTimeout(),
                base.silence(),
                base.refusalStyle(),
                base.maxConnectionsPerAddress(),
                pages,
                base.tls());
    }

    TransportSettings refusalStyle(Refusal.Style style) {
        return new TransportSettings(
                base.bindAddress(),
                base.path(),
                base.subprotocol(),
                base.maxMessageBytes(),
                base.maxHalfReceivedBytes(),
                base.maxConnections(),
                base.maxArrivals(),
                base.socketSendBufferBytes(),
                base.handshakeTimeout(),
                base.closeTimeout(),
                base.silence(),
                style,
                base.maxConnectionsPerAddress(),
                base.pages(),
                base.tls());
    }

    private TransportSettings with(
            long maxHalfReceivedBytes,
            int maxConnections,
            int maxArrivals,
            Duration handshakeTimeout,
            Duration closeTimeout) {
        return new TransportSettings(
                base.bindAddress(),
                base.path(),
                base.subprotocol(),
                base.maxMessageBytes(),
                maxHalfReceivedBytes,
                maxConnections,
                maxArrivals,
                base.socketSendBufferBytes(),
                handshakeTimeout,
                closeTimeout,
                base.silence(),
                base.refusalStyle(),
                base.maxConnectionsPerAddress(),
                base.pages(),
                base.tls());
    }
}
