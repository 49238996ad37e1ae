package io.github.robotstream.jwt;

import com.google.gson.JsonElement;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.List;
import java.util.Optional;

/**
 * The claims of a token whose signature has been checked, for a function that reads permissions from them. What it throws
 * as {@link IllegalArgumentException} refuses the token. Immutable.
 */
public final class TokenClaims {
    private final Claims claims;
    private final JwtKey key;

    TokenClaims(Claims claims, JwtKey key) {
        this.claims = claims;
        this.key = key;
    }

    private interface Reading<T> {
        T read() throws TokenRejectedException;
    }

    private static <T> T orIllegal(Reading<T> reading) {
        try {
            return reading.read();
        } catch (TokenRejectedException e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    /**
     * A claim that is a text, as {@code scope} is (RFC 8693 section 4.2).
     *
     * @param name the claim
     * @return its text, or empty if the token does not have it
     * @throws IllegalArgumentException if it is no JSON string
     */
    public Optional<String> text(String name) {
        return orIllegal(() -> claims.text(name));
    }

    /**
     * A claim that is a list of texts, as {@code roles} and {@code groups} are (RFC 9068 section 2.2.3.1); one text alone
     * counts as a list.
     *
     * @param name the claim
     * @return its texts; none if the token does not have it
     * @throws IllegalArgumentException if it is something else
     */
    public List<String> texts(String name) {
        return orIllegal(() -> claims.texts(name)).map(List::copyOf).orElse(List.of());
    }

    /**
     * A claim of any form.
     *
     * @param name the claim
     * @return its JSON, or empty if the token does not have it
     */
    public Optional<String> json(String name) {
        return claims.any(name).map(JsonElement::toString);
    }

    /**
     * Whether the token was signed with a shared secret, and so by somebody whom this robot's owner gave it; a public key
     * tells only that it is of its issuer.
     *
     * @return false if it was verified by a public key
     */
    public boolean isSignedWithSecret() {
        return key.isSecret();
    }

    /**
     * Which key the token was verified by.
     *
     * @return the key's id, as {@link JwtKey#withId} or its key set gave it; empty if it has none. It is never taken from the token
     */
    public Optional<String> keyId() {
        return key.id();
    }

    /** Returns no claim: they are somebody's and may be private. */
    @Override
    public String toString() {
        return "TokenClaims[…]";
    }
}
