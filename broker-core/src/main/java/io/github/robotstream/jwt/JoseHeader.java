package io.github.robotstream.jwt;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a header says (RFC 7515 section 4). Keys and algorithms come from the settings alone: a header that wants to bring its
 * own, or changes how the token is read, is refused (RFC 8725 sections 3.1 and 3.10); other members are ignored.
 */
record JoseHeader(String algorithm, Optional<String> keyId) {
    private static final List<String> REFUSED = List.of("crit", "b64", "zip", "enc", "jku", "jwk", "x5u", "x5c");
    private static final List<String> TEXTS = List.of("kid", "cty", "x5t", "x5t#S256");
    private static final String USUAL_TYPE = "jwt";

    /** Reads a header; {@code type} is what its {@code typ} must be, or empty if it may be missing or {@code JWT}. */
    static JoseHeader of(JsonObject header, Optional<String> type) throws TokenRejectedException {
        for (String name : REFUSED) {
            if (header.has(name)) {
                throw Rejections.malformed("token's header has " + name + ", which is never accepted: leave it out");
            }
        }
        for (String name : TEXTS) {
            if (header.has(name) && text(header, name).isEmpty()) {
                throw Rejections.malformed("token's header has a " + name + " that is no JSON string");
            }
        }
        checkType(header, type);
        return new JoseHeader(text(header, "alg").orElse(""), text(header, "kid"));
    }

    private static void checkType(JsonObject header, Optional<String> type) throws TokenRejectedException {
        Optional<String> present = text(header, "typ");
        boolean good = type.isPresent()
                ? present.map(JoseHeader::mediaType).equals(type.map(JoseHeader::mediaType))
                : !header.has("typ")
                        || present.map(JoseHeader::mediaType)
                                .filter(USUAL_TYPE::equals)
                                .isPresent();
        if (!good) {
            throw Rejections.because(type.map(name -> "token's header has another typ than " + name)
                    .orElse("token's header has a typ other than JWT"));
        }
    }

    /** Names of media types have no case, and {@code application/} may be left out (RFC 7515 section 4.1.9). */
    private static String mediaType(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        String rest = lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
        return rest.contains("/") ? lower : rest;
    }

    private static Optional<String> text(JsonObject header, String name) {
        return header.get(name) instanceof JsonPrimitive value && value.isString()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }
}
