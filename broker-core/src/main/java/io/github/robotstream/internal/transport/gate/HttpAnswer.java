package io.github.robotstream.internal.transport.gate;

import io.github.robotstream.internal.transport.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer that is no upgrade; the connection ends with it. Immutable. */
public final class HttpAnswer {
    static final HttpAnswer TOO_LARGE = refusal(
            431, "the head of the request is larger than 24 KiB or has more than 100 fields: send less", List.of());
    /** For a client that speaks HTTP where the robot speaks TLS. */
    public static final HttpAnswer NEEDS_TLS =
            refusal(400, "this port speaks TLS: connect to wss:// here, or to https:// with a browser", List.of());

    public static final HttpAnswer TOO_SLOW =
            refusal(408, "the head of the request did not come in time: come back", List.of());

    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));

    private final int status;
    private final List<String> fields;
    private final byte[] body;

    /**
     * @param fields header lines, beside those that every answer has
     * @param body not changed by anybody afterwards
     */
    HttpAnswer(int status, List<String> fields, byte[] body) {
        this.status = status;
        this.fields = List.copyOf(fields);
        this.body = body;
    }

    /** What was made for the one who asked. */
    public static HttpAnswer made(String contentType, byte[] body) {
        return new HttpAnswer(200, List.of("Cache-Control: no-store", "Content-Type: " + contentType), body);
    }

    static HttpAnswer malformed(String what) {
        return refusal(400, "no proper request: " + what, List.of());
    }

    static HttpAnswer notFound(String webSocketPath) {
        return refusal(404, "nothing is served at this path: WebSockets connect to " + webSocketPath, List.of());
    }

    static HttpAnswer wrongMethod(String allowed) {
        return refusal(405, "only " + allowed + " is served at this path", List.of("Allow: " + allowed));
    }

    static HttpAnswer upgradeRequired(String what) {
        return refusal(426, what, List.of("Upgrade: websocket", "Sec-WebSocket-Version: 13"));
    }

    public static HttpAnswer of(Refusal refusal) {
        int seconds = Math.max(1, (refusal.retryAfterMillis() + 999) / 1000);
        return switch (refusal.httpStatus()) {
            case 401 ->
                refusal(401, refusal.reason() + "; come back with a valid token", List.of("WWW-Authenticate: Bearer"));
            case 429, 503 ->
                refusal(
                        refusal.httpStatus(),
                        refusal.reason() + "; come back after " + seconds + " s",
                        List.of("Retry-After: " + seconds));
            default -> refusal(refusal.httpStatus(), refusal.reason(), List.of());
        };
    }

    public int status() {
        return status;
    }

    /** {@return its head on the wire} It is the same for HEAD, with the length that GET would get (RFC 9110 section 9.3.2). */
    public byte[] head() {
        String option = status == 426 ? "close, Upgrade" : "close"; // RFC 9110 section 7.8
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + PHRASES.getOrDefault(status, "Refused")
                + "\r\nConnection: " + option + "\r\nX-Content-Type-Options: nosniff\r\n");
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (status != 304) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Shared: not to be changed. */
    public byte[] body() {
        return body;
    }

    private static HttpAnswer refusal(int status, String message, List<String> extraFields) {
        String body = "{\"status\":" + status + ",\"message\":\"" + escaped(message) + "\"}\n";
        List<String> all = new ArrayList<>(List.of("Content-Type: application/json", "Cache-Control: no-store"));
        all.addAll(extraFields);
        return new HttpAnswer(status, all, body.getBytes(StandardCharsets.US_ASCII));
    }

    /** In ASCII, as it may hold what a verifier said (RFC 8259 section 7). */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append((char) c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
