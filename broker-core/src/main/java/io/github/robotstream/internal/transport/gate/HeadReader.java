package io.github.robotstream.internal.transport.gate;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the head of an HTTP/1.1 request strictly (RFC 9112 sections 2 to 5), from bytes that come in any pieces, to the empty line and not
 * a byte further. A head that two parsers could understand in two ways is refused, at the byte that shows it.
 */
public final class HeadReader {
    public static final int MAX_BYTES = 24 * 1024;
    static final int MAX_FIELDS = 100;

    private static final String TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~";
    private static final Set<String> LISTS = Set.of(
            "connection",
            "upgrade",
            "sec-websocket-protocol",
            "sec-websocket-extensions",
            "cookie",
            "if-none-match",
            "forwarded",
            "x-forwarded-for");
    private static final Set<String> SINGLES = Set.of(
            "authorization",
            "content-length",
            "host",
            "origin",
            "sec-websocket-key",
            "sec-websocket-version",
            "user-agent");

    private final StringBuilder line = new StringBuilder();
    private final Map<String, String> headers = new HashMap<>();
    private Optional<String[]> requestLine = Optional.empty();
    private int bytesSeen;
    private int fieldsSeen;
    private boolean carriageReturn;
    private boolean complete;

    /**
     * Takes bytes up to the end of the head.
     *
     * @return whether it is complete, so that {@link #head()} has it
     */
    public boolean read(ByteBuffer in) throws BadRequestException {
        while (in.hasRemaining() && !complete) {
            take(in.get() & 0xff);
        }
        return complete;
    }

    /** The head, once it is complete. */
    public RequestHead head() {
        String[] parts = requestLine.orElseThrow();
        return new RequestHead(parts[0], parts[1], parts[2].equals("HTTP/1.1"), Map.copyOf(headers));
    }

    private void take(int b) throws BadRequestException {
        if (++bytesSeen > MAX_BYTES) {
            throw new BadRequestException("more than 24 KiB", HttpAnswer.TOO_LARGE);
        }
        if (carriageReturn) {
            if (b != '\n') {
                throw new BadRequestException("a carriage return without a line feed");
            }
            carriageReturn = false;
            endLine(line.toString());
            line.setLength(0);
        } else if (b == '\r') {
            carriageReturn = true;
        } else if ((b < ' ' && b != '\t') || b == 0x7f) {
            throw new BadRequestException("a control character, or a line feed without a carriage return");
        } else if (line.length() == 0 && !isTokenCharacter(b)) {
            throw new BadRequestException("a line that begins with white space or a separator");
        } else {
            line.append((char) b);
        }
    }

    private void endLine(String text) throws BadRequestException {
        if (requestLine.isEmpty()) {
            requestLine = Optional.of(requestLine(text));
        } else if (text.isEmpty()) {
            end();
        } else {
            addField(text);
        }
    }

    private static String[] requestLine(String text) throws BadRequestException {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || !isTarget(parts[1]) || !parts[2].matches("HTTP/1\\.[01]")) {
            throw new BadRequestException("no request line of HTTP/1.1 with a path");
        }
        return parts;
    }

    private void addField(String text) throws BadRequestException {
        if (++fieldsSeen > MAX_FIELDS) {
            throw new BadRequestException("more than " + MAX_FIELDS + " header fields", HttpAnswer.TOO_LARGE);
        }
        int colon = text.indexOf(':');
        if (colon < 1 || !isToken(text.substring(0, colon))) {
            throw new BadRequestException("a header field without a proper name");
        }
        String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).trim();
        String former = headers.putIfAbsent(name, value);
        if (former != null && SINGLES.contains(name)) {
            throw new BadRequestException("two of a header field that may come once");
        }
        if (former != null && LISTS.contains(name)) {
            headers.put(name, former + ", " + value);
        }
    }

    private void end() throws BadRequestException {
        if (requestLine.orElseThrow()[2].equals("HTTP/1.1") && !headers.containsKey("host")) {
            throw new BadRequestException("no Host");
        }
        complete = true;
    }

    private static boolean isTarget(String target) {
        return target.startsWith("/") && target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
    }

    private static boolean isToken(String word) {
        return !word.isEmpty() && word.chars().allMatch(HeadReader::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || TOKEN_CHARACTERS.indexOf(c) >= 0;
    }
}
