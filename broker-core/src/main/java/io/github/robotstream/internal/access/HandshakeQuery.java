package io.github.robotstream.internal.access;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.settings.Subprotocol;
import io.github.robotstream.internal.transport.HandshakeRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's token, from the query, {@code Authorization: Bearer} (RFC 6750 section 2.1) or a subprotocol {@code bearer.…}, its
 * frame style, and the subprotocol that it is answered. Names are compared decoded and the scheme in any case (RFC 9110 section 11.1), so that no token is passed
 * over which somebody before the broker may have judged. Its text does not hold the secret.
 */
record HandshakeQuery(Optional<String> token, Optional<FrameStyle> style, Optional<Subprotocol> subprotocol) {
    private static final String TOKEN = "token";
    private static final int ANY_CASE_AND_CHARACTER = Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    private static final Pattern BEARER_SCHEME = Pattern.compile("bearer[ \t]+(.*)", ANY_CASE_AND_CHARACTER);
    private static final Pattern BEARER_PROTOCOL = Pattern.compile("bearer\\.(.*)", ANY_CASE_AND_CHARACTER);

    /** Reads a request; what it throws holds no secret. */
    static HandshakeQuery of(HandshakeRequest request) {
        List<String> tokens = new ArrayList<>();
        List<String> styles = new ArrayList<>();
        for (String pair : request.rawQuery().orElse("").split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = name(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (name.equals(TOKEN)) {
                tokens.add(token(value));
            } else if (name.equals("frame")) {
                styles.add(value);
            } else if (name.replace('+', ' ').strip().equalsIgnoreCase(TOKEN)) {
                throw new IllegalArgumentException(
                        "a parameter of the query is called nearly like the token's: write \"token\", in lower case");
            }
        }
        request.header("authorization").ifPresent(value -> addMatch(BEARER_SCHEME, value, tokens));
        String protocols = request.header("sec-websocket-protocol").orElse("");
        for (String protocol : protocols.split(",", -1)) {
            addMatch(BEARER_PROTOCOL, protocol.trim(), tokens);
        }
        if (tokens.size() > 1) {
            throw new IllegalArgumentException("the request has more than one token: send one");
        }
        return new HandshakeQuery(
                tokens.stream().filter(t -> !t.isEmpty()).findFirst(), style(styles), Subprotocol.chosen(protocols));
    }

    private static void addMatch(Pattern bearer, String value, List<String> tokens) {
        Matcher matcher = bearer.matcher(value);
        if (matcher.matches()) {
            tokens.add(matcher.group(1));
        }
    }

    /** As it is decoded; as it came if it is not percent-encoded as it should be, and so the name of something else. */
    private static String name(String name) {
        try {
            return decoded(name);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String token(String value) {
        try {
            return decoded(value);
        } catch (IllegalArgumentException e) {
            // Without its cause, which quotes the token.
            throw new IllegalArgumentException("the token is not percent-encoded as it should be");
        }
    }

    /** A plus sign stays one: this is no form data. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
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

    /** Does not show the token. */
    @Override
    public String toString() {
        return "HandshakeQuery[" + style + "]";
    }
}
