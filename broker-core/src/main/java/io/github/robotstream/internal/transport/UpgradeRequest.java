package io.github.robotstream.internal.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A request head, judged by the rules of the opening handshake (RFC 6455 section 4.2.1). */
record UpgradeRequest(RequestHead head, TransportSettings settings) {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]=="); // 16 bytes in base64

    /** What is answered instead of an upgrade; empty if it may be upgraded. */
    Optional<HttpAnswer> refusal() {
        if (!path().equals(settings.path())) {
            return Optional.of(HttpAnswer.NOT_FOUND);
        }
        if (!head.method().equals("GET")) {
            return Optional.of(HttpAnswer.NOT_GET);
        }
        if (!head.lists("upgrade", "websocket") || !head.lists("connection", "upgrade")) {
            return Optional.of(HttpAnswer.NO_UPGRADE);
        }
        if (!head.header("sec-websocket-version").equals("13")) {
            return Optional.of(HttpAnswer.WRONG_VERSION);
        }
        return KEY.matcher(head.header("sec-websocket-key")).matches()
                ? Optional.empty()
                : Optional.of(HttpAnswer.MALFORMED);
    }

    HandshakeRequest handshake(InetSocketAddress remoteAddress) {
        int question = head.target().indexOf('?');
        Optional<String> query =
                question < 0 ? Optional.empty() : Optional.of(head.target().substring(question + 1));
        return new HandshakeRequest(path(), query, head.headers(), remoteAddress, List.of());
    }

    /**
     * The request in our own words and without its secrets: Java-WebSocket keeps the target for life and logs heads at TRACE, so it gets
     * this one. It asks for no extension.
     */
    byte[] rewritten() {
        boolean offered = head.lists("sec-websocket-protocol", settings.subprotocol());
        return ("GET " + settings.path() + " HTTP/1.1\r\nHost: robot\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + head.header("sec-websocket-key") + "\r\n"
                        + (offered ? "Sec-WebSocket-Protocol: " + settings.subprotocol() + "\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private String path() {
        int question = head.target().indexOf('?');
        return question < 0 ? head.target() : head.target().substring(0, question);
    }
}
