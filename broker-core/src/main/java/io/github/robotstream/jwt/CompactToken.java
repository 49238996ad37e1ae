package io.github.robotstream.jwt;

import io.github.robotstream.spi.TokenRejectedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A signed token taken apart (JWS compact serialization, RFC 7515 section 7.1). Only one spelling of each passes: base64url
 * without padding, white space or loose bits, so that whoever compares or blocks tokens by their text is not fooled.
 */
final class CompactToken {
    /** The longest token, in characters; longer ones are refused unread. */
    static final int MAX_CHARACTERS = 16 * 1024;

    private static final int FINGERPRINT_BYTES = 12;

    private final String text;
    private final int endOfHeader;
    private final int endOfClaims;

    private CompactToken(String text, int endOfHeader, int endOfClaims) {
        this.text = text;
        this.endOfHeader = endOfHeader;
        this.endOfClaims = endOfClaims;
    }

    static CompactToken of(String text) throws TokenRejectedException {
        if (text.length() > MAX_CHARACTERS) {
            throw Rejections.malformed(
                    "token has " + text.length() + " characters: " + MAX_CHARACTERS + " is the most that is read");
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
            throw Rejections.malformed("token is not header.claims.signature: send a signed JWT in compact form");
        }
        return new CompactToken(text, first, second);
    }

    byte[] header() throws TokenRejectedException {
        return decode("header", text.substring(0, endOfHeader));
    }

    byte[] claims() throws TokenRejectedException {
        return decode("claims", text.substring(endOfHeader + 1, endOfClaims));
    }

    byte[] signature() throws TokenRejectedException {
        return decode("signature", text.substring(endOfClaims + 1));
    }

    /** The bytes that the signature was made over; ASCII if {@link #header} and {@link #claims} pass. */
    byte[] signedBytes() {
        return text.substring(0, endOfClaims).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A name for whoever has this token. Made of what was signed, as an ECDSA signature can be written in two ways by anybody.
     */
    String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(signedBytes());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, FINGERPRINT_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static byte[] decode(String part, String base64) throws TokenRejectedException {
        if (base64.isEmpty()) {
            throw Rejections.malformed("token has an empty " + part + ": send a signed JWT");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            // The JDK takes padding and loose bits; what it would write itself is the one spelling.
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Its message quotes the token, so it goes no further: the refusal below says the same.
        }
        throw Rejections.malformed("token's " + part + " is not base64url without padding (RFC 7515 section 2)");
    }
}
