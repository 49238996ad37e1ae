package io.github.robotstream.internal.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** What is served to a plain GET at one path. Immutable. */
public final class Page {
    /** Shows that the broker runs, and nothing else of it. */
    public static final Page HEALTH =
            new Page("application/json", "{\"status\":\"ok\"}\n".getBytes(StandardCharsets.US_ASCII));

    /** Its own scripts and styles, WebSockets to anywhere, and no other page's frame. */
    private static final String POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self'"
            + " 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    private final List<String> fields;
    private final String entityTag;
    private final byte[] body;

    /**
     * A page that may use its own scripts and styles and open WebSockets.
     *
     * @param contentType the value of {@code Content-Type}, without control characters
     * @param body copied
     */
    public Page(String contentType, byte[] body) {
        this(contentType, body, POLICY);
    }

    /**
     * A page.
     *
     * @param contentType the value of {@code Content-Type}, without control characters
     * @param body copied
     * @param policy the value of {@code Content-Security-Policy}, without control characters
     */
    public Page(String contentType, byte[] body, String policy) {
        this.body = body.clone();
        this.entityTag = entityTag(body);
        this.fields = List.of(
                "ETag: " + entityTag,
                "Cache-Control: no-cache",
                "Referrer-Policy: no-referrer",
                "Content-Security-Policy: " + policy,
                "Content-Type: " + contentType);
    }

    /** {@return the fields of the answer's head but its length, the last being {@code Content-Type}} */
    public List<String> fields() {
        return fields;
    }

    /** {@return what a client sends to show that it has the page already (RFC 9110 section 8.8.3)} */
    public String entityTag() {
        return entityTag;
    }

    /** {@return the content; shared, not to be changed} */
    public byte[] body() {
        return body;
    }

    private static String entityTag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 22)
                    + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
