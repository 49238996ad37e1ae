package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/**
 * The mark that a client puts on a request to know its reply: a string of up to {@value #MAX_CHARACTERS} characters or
 * an integer of up to 2^53-1, kept as the client spelled it. Immutable.
 */
public final class RequestId {
    static final int MAX_CHARACTERS = 64;

    private final byte[] json;

    private RequestId(byte[] json) {
        this.json = json;
    }

    /** The id that is the member's value, or nothing if that may not be an id. */
    static Optional<RequestId> of(JsonScan scan, int member, byte[] bytes) {
        boolean valid = switch (scan.kind(member)) {
            case STRING -> scan.isTextUpTo(MAX_CHARACTERS, member);
            case NUMBER -> scan.integer(member).isPresent();
            default -> false;
        };
        return valid
                ? Optional.of(new RequestId(Arrays.copyOfRange(bytes, scan.valueStart(member), scan.valueEnd(member))))
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestId id && Arrays.equals(id.json, json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    /** The JSON text: a string has its quotes. */
    @Override
    public String toString() {
        return new String(json, UTF_8);
    }
}
