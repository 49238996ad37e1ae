package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.List;

/**
 * What a header may say (RFC 7515 section 4). The key and the algorithm come from the settings alone; a header that wants
 * to bring its own, or that changes how the token is to be read, is refused (RFC 8725 sections 3.1 and 3.10). Members
 * without such a meaning, known ({@code kid}, {@code x5t}) or not, are ignored, as RFC 7515 section 4 says.
 */
final class JoseHeader {
    private static final List<String> REFUSED = List.of("crit", "b64", "zip", "enc", "jku", "jwk", "x5u", "x5c");

    private JoseHeader() {}

    static void check(JsonObject header, String algorithm) throws TokenRejectedException {
        for (String name : REFUSED) {
            if (header.has(name)) {
                throw new TokenRejectedException(
                        TOKEN_INVALID, "token's header has " + name + ", which is never accepted: leave it out");
            }
        }
        if (!text(header, "alg").equals(algorithm)) {
            throw new TokenRejectedException(
                    TOKEN_INVALID, "token is not signed with " + algorithm + ", the one algorithm accepted here");
        }
        // Names of media types have no case (RFC 7515 section 4.1.9 with RFC 2045 section 5.1).
        if (header.has("typ") && !text(header, "typ").equalsIgnoreCase("JWT")) {
            throw new TokenRejectedException(TOKEN_INVALID, "token's header has a typ other than JWT");
        }
    }

    /** The text of a member, or an empty one, which no member may have, if it is missing or no text. */
    private static String text(JsonObject header, String name) {
        return header.get(name) instanceof JsonPrimitive value && value.isString() ? value.getAsString() : "";
    }
}
