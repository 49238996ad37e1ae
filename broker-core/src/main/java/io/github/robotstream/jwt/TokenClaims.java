package io.github.robotstream.jwt;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The claims of a token whose signature has been checked, for a function that reads permissions from them. What it throws
 * as {@link IllegalArgumentException} refuses the token. Immutable.
 *
 * <pre>{@code
 * TokenVerifier verifier = JwtTokenVerifier.hmac(secret)
 *         .permissions(claims -> claims.texts("roles").contains("operator") ? Permissions.all() : Permissions.none())
 *         .build();
 * }</pre>
 */
public final class TokenClaims {
    /** The end of the year 9999; what lies behind is no date but milliseconds, or nonsense. */
    private static final double MAX_SECONDS = 253_402_300_799.0;

    private final JsonObject claims;
    private final JwtKey key;

    TokenClaims(JsonObject claims, JwtKey key) {
        this.claims = claims;
        this.key = key;
    }

    /** A claim is of another type than RFC 7519 section 4.1 says. */
    static final class MalformedException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        MalformedException(String name, String fault) {
            super("token's claim " + name + " is not " + fault);
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
        return any(name).map(value -> asText(name, value));
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
        return textsIfPresent(name).orElse(List.of());
    }

    /** As {@link #texts}, and tells an empty list from none. */
    Optional<List<String>> textsIfPresent(String name) {
        return any(name).map(value -> {
            if (!(value instanceof JsonArray array)) {
                return List.of(asText(name, value));
            }
            return array.asList().stream().map(element -> asText(name, element)).toList();
        });
    }

    private static String asText(String name, JsonElement value) {
        if (value instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw new MalformedException(name, "a JSON string");
    }

    /** A {@code NumericDate} (RFC 7519 section 2): seconds since 1970, perhaps with a fraction. */
    Optional<Instant> date(String name) {
        return any(name).map(value -> {
            if (!(value instanceof JsonPrimitive number) || !number.isNumber()) {
                throw new MalformedException(name, "a JSON number");
            }
            double seconds = number.getAsDouble();
            if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
                throw new MalformedException(name, "a time in seconds since 1970 (milliseconds?)");
            }
            long whole = (long) seconds;
            return Instant.ofEpochSecond(whole, (long) ((seconds - whole) * 1e9));
        });
    }

    Optional<JsonElement> any(String name) {
        Objects.requireNonNull(name, "name");
        return Optional.ofNullable(claims.get(name));
    }

    /**
     * A claim of any form.
     *
     * @param name the claim
     * @return its JSON, or empty if the token does not have it
     */
    public Optional<String> json(String name) {
        return any(name).map(JsonElement::toString);
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
