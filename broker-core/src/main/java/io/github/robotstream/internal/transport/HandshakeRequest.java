package io.github.robotstream.internal.transport;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client asked for in the head of its upgrade request (RFC 6455 section 4.1). Immutable. Query and headers may hold a token, so
 * {@link #toString()} shows neither.
 *
 * @param path as the client wrote it, not decoded, without the query
 * @param rawQuery what follows the first question mark, not decoded; empty without one
 * @param headers by name in lower case; those that are not in {@link #KEPT_HEADERS} are dropped
 * @param remoteAddress where the client is: the other end of the socket, or what a trusted proxy tells
 * @param peerCertificates the client's certificate and its chain; empty without mutual TLS
 */
public record HandshakeRequest(
        String path,
        Optional<String> rawQuery,
        Map<String, String> headers,
        InetSocketAddress remoteAddress,
        List<X509Certificate> peerCertificates) {
    /** The headers that are kept, in lower case; no other can be asked for. */
    static final Set<String> KEPT_HEADERS =
            Set.of("authorization", "host", "origin", "sec-websocket-protocol", "user-agent");

    /** @param headers by name in any case */
    public HandshakeRequest {
        Map<String, String> kept = new HashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (KEPT_HEADERS.contains(lower)) {
                kept.put(lower, value);
            }
        });
        headers = Map.copyOf(kept);
        peerCertificates = List.copyOf(peerCertificates);
    }

    /**
     * {@return the value of a header, trimmed; the first one if it came more than once}
     *
     * @param name one of {@link #KEPT_HEADERS}, in any case
     * @throws IllegalArgumentException if it is a header that is never kept
     */
    public Optional<String> header(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!KEPT_HEADERS.contains(lower)) {
            throw new IllegalArgumentException("header " + name + " is not kept: ask for one of " + KEPT_HEADERS);
        }
        return Optional.ofNullable(headers.get(lower));
    }

    /** {@return the path and the address; never the query or a header} */
    @Override
    public String toString() {
        return "HandshakeRequest[" + path + " from " + remoteAddress + "]";
    }
}
