package io.github.robotstream.internal.transport.gate;

import java.util.Arrays;
import java.util.Map;

/**
 * The head of a request, as {@link HeadReader} has found it right.
 *
 * @param target path and query as they came: secret, they may hold a token
 * @param http11 false for HTTP/1.0
 * @param headers by name in lower case; lists that came in several fields are joined
 */
public record RequestHead(String method, String target, boolean http11, Map<String, String> headers) {

    /** {@return the target without its query} */
    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** {@return whether one of the comma-separated elements of a header is this word, in any case} */
    boolean lists(String name, String word) {
        return Arrays.stream(header(name).split(",", -1))
                .anyMatch(element -> element.trim().equalsIgnoreCase(word));
    }

    /** {@return whether a body follows (RFC 9112 section 6)} */
    boolean hasBody() {
        return headers.containsKey("transfer-encoding")
                || !headers.getOrDefault("content-length", "0").equals("0");
    }

    @Override
    public String toString() {
        return "RequestHead[" + method + "]";
    }
}
