package io.github.robotstream.internal.transport.gate;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.Subprotocol;
import io.github.robotstream.internal.transport.HandshakeRequest;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A request that needs a token: for a WebSocket, by the rules of the opening handshake (RFC 6455 section 4.2.1), or for the metrics. */
public record UpgradeRequest(RequestHead head, Settings settings) {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]=="); // 16 bytes in base64

    /** {@return what is answered if it is not valid} */
    Optional<HttpAnswer> fault() {
        if (!head.method().equals("GET")) {
            return Optional.of(HttpAnswer.wrongMethod("GET"));
        }
        if (head.hasBody()) {
            return Optional.of(HttpAnswer.malformed("a body, where none is taken"));
        }
        if (!head.http11() || !head.lists("upgrade", "websocket") || !head.lists("connection", "upgrade")) {
            return Optional.of(
                    HttpAnswer.upgradeRequired("only WebSocket is served at this path: use a client that speaks it"));
        }
        if (!head.header("sec-websocket-version").equals("13")) {
            return Optional.of(
                    HttpAnswer.upgradeRequired("only version 13 of WebSocket is served: use a client that speaks it"));
        }
        return KEY.matcher(head.header("sec-websocket-key")).matches()
                ? Optional.empty()
                : Optional.of(HttpAnswer.malformed("Sec-WebSocket-Key is not 16 bytes in base64"));
    }

    /** {@return whether it asks for a WebSocket} */
    public boolean wantsWebSocket() {
        return head.path().equals(settings.path);
    }

    /** {@return whether it may come from a browser, which hides HTTP statuses from its scripts} */
    public boolean hasOrigin() {
        return head.headers().containsKey("origin");
    }

    public HandshakeRequest handshake(InetSocketAddress remoteAddress, List<X509Certificate> peerCertificates) {
        int question = head.target().indexOf('?');
        Optional<String> query =
                question < 0 ? Optional.empty() : Optional.of(head.target().substring(question + 1));
        String path = wantsWebSocket() ? settings.path : head.path(); // sessions keep it
        return new HandshakeRequest(path, query, head.headers(), remoteAddress, peerCertificates);
    }

    /**
     * The request rewritten without its secrets and extensions: Java-WebSocket keeps the target as long as the connection is open and logs
     * heads at TRACE.
     */
    public byte[] rewritten() {
        String subprotocol = Subprotocol.chosen(head.header("sec-websocket-protocol"))
                .map(chosen -> "Sec-WebSocket-Protocol: " + chosen.word() + "\r\n")
                .orElse("");
        return ("GET " + settings.path + " HTTP/1.1\r\nHost: robot\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + head.header("sec-websocket-key") + "\r\n"
                        + subprotocol + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
