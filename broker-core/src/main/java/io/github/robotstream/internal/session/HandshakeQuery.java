package io.github.robotstream.internal.session;

import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.transport.HandshakeRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client asks for beside the path: its token, from the query, from {@code Authorization: Bearer} (RFC 6750 section
 * 2.1) or from a subprotocol {@code bearer.…}, and the style of its frames. Holds a secret: no {@code toString}.
 */
final class HandshakeQuery {
    private static final String BEARER_PROTOCOL = "bearer.";

    private final Optional<String> token;
    private final Optional<FrameStyle> style;

    private HandshakeQuery(Optional<String> token, Optional<FrameStyle> style) {
        this.token = token;
        this.style = style;
    }

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException if it cannot be understood; the message holds no secret
     */
    static HandshakeQuery of(HandshakeRequest request) {
        List<String> tokens = new ArrayList<>();
        List<String> styles = new ArrayList<>();
        for (String pair : request.rawQuery().orElse("").split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (name.equals("token")) {
                tokens.add(decoded(value));
            } else if (name.equals("frame")) {
                styles.add(value);
            }
        }
        request.header("authorization")
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .ifPresent(value -> tokens.add(value.substring(7).trim()));
        for (String protocol :
                request.header("sec-websocket-protocol").orElse("").split(",", -1)) {
            if (protocol.trim().startsWith(BEARER_PROTOCOL)) {
                tokens.add(protocol.trim().substring(BEARER_PROTOCOL.length()));
            }
        }
        if (tokens.size() > 1) {
            throw new IllegalArgumentException("the request has more than one token: send one");
        }
        return new HandshakeQuery(tokens.stream().filter(t -> !t.isEmpty()).findFirst(), style(styles));
    }

    private static String decoded(String value) {
        try {
            // A plus sign stays one: tokens are not form data.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Without its cause, which quotes the token.
            throw new IllegalArgumentException("the token is not percent-encoded as it should be");
        }
    }

    private static Optional<FrameStyle> style(List<String> words) {
        if (words.size() > 1) {
            throw new IllegalArgumentException("the request names more than one frame style: name one");
        }
        for (String word : words) {
            for (FrameStyle style : FrameStyle.values()) {
                if (style.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return Optional.of(style);
                }
            }
            throw new IllegalArgumentException("frame has to be envelope or flat");
        }
        return Optional.empty();
    }

    Optional<String> token() {
        return token;
    }

    Optional<FrameStyle> style() {
        return style;
    }
}
