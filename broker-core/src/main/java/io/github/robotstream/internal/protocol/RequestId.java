package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import java.util.Optional;

/**
 * The mark of a request and its reply: a string of up to {@value #MAX_CHARACTERS} characters or an integer up to 2^53-1, as
 * spelled.
 */
public final class RequestId {
    static final int MAX_CHARACTERS = 64;

    private final String json;

    private RequestId(String json) {
        this.json = json;
    }

    /** The id that is the member's value, or nothing if that may not be an id. */
    static Optional<RequestId> of(JsonScan scan, int member, byte[] bytes) {
        boolean valid = switch (scan.kind(member)) {
            case STRING -> scan.isTextUpTo(MAX_CHARACTERS, member);
            case NUMBER -> scan.integer(member).isPresent();
            default -> false;
        };
        if (!valid) {
            return Optional.empty();
        }
        int start = scan.valueStart(member);
        return Optional.of(new RequestId(new String(bytes, start, scan.valueEnd(member) - start, UTF_8)));
    }

    /** {@return the id that a dialect makes of a word of its own, in which nothing has to be escaped} */
    public static RequestId ofWord(String word) {
        return new RequestId('"' + word + '"');
    }

    void writeTo(JsonWriter out) {
        out.raw(json);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestId id && id.json.equals(json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    /** The JSON text: a string has its quotes. */
    @Override
    public String toString() {
        return json;
    }
}
