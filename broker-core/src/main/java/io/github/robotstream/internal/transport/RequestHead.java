package io.github.robotstream.internal.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The head of an HTTP/1.1 request, read strictly (RFC 9112 sections 2 to 5): what two parsers could understand in two ways is refused, and
 * so is a body.
 *
 * @param target path and query as they came: secret, they may hold a token
 * @param headers by name in lower case; lists that came in several fields are joined
 */
record RequestHead(String method, String target, Map<String, String> headers) {
    static final int MAX_BYTES = 24 * 1024;

    private static final int MAX_FIELDS = 100;
    private static final String TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~";
    private static final Set<String> LISTS =
            Set.of("connection", "upgrade", "sec-websocket-protocol", "sec-websocket-extensions", "cookie");
    private static final Set<String> SINGLES = Set.of(
            "authorization",
            "content-length",
            "host",
            "origin",
            "sec-websocket-key",
            "sec-websocket-version",
            "user-agent");

    /** It is no request that can be understood. The message holds nothing of it. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads a head.
     *
     * @param head all bytes up to, and with, the empty line
     */
    static RequestHead parse(byte[] head) throws Malformed {
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        if (lines.length - 3 > MAX_FIELDS) {
            throw new Malformed("more than " + MAX_FIELDS + " header fields");
        }
        String[] parts = lines[0].split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || !parts[2].equals("HTTP/1.1") || !isTarget(parts[1])) {
            throw new Malformed("no request line of HTTP/1.1 with a path");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length - 2)) {
            addField(headers, line);
        }
        if (!headers.containsKey("host")) {
            throw new Malformed("no Host");
        }
        if (!headers.getOrDefault("content-length", "0").equals("0") || headers.containsKey("transfer-encoding")) {
            throw new Malformed("a body, where none is taken");
        }
        return new RequestHead(parts[0], parts[1], Map.copyOf(headers));
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Whether one of the comma-separated elements of a header is this word, in any case. */
    boolean lists(String name, String word) {
        return Arrays.stream(header(name).split(",", -1))
                .anyMatch(element -> element.trim().equalsIgnoreCase(word));
    }

    @Override
    public String toString() {
        return "RequestHead[" + method + "]";
    }

    private static void addField(Map<String, String> headers, String line) throws Malformed {
        int colon = line.indexOf(':');
        if (colon < 1 || !isToken(line.substring(0, colon))) {
            throw new Malformed("a header field without a proper name");
        }
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new Malformed("a control character in a header field");
        }
        String value = line.substring(colon + 1).trim();
        String former = headers.putIfAbsent(name, value);
        if (former != null && SINGLES.contains(name)) {
            throw new Malformed("two of a header field that may come once");
        }
        if (former != null && LISTS.contains(name)) {
            headers.put(name, former + ", " + value);
        }
    }

    private static boolean isTarget(String target) {
        return target.startsWith("/") && target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
    }

    private static boolean isToken(String word) {
        return !word.isEmpty()
                && word.chars()
                        .allMatch(c -> (c >= '0' && c <= '9')
                                || (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || TOKEN_CHARACTERS.indexOf(c) >= 0);
    }
}
