package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The claims of a token whose signature has been checked, read as the types of RFC 7519 section 4.1 and as no others. */
final class Claims {
    /** The end of the year 9999; what lies behind is no date but milliseconds, or nonsense. */
    private static final double MAX_SECONDS = 253_402_300_799.0;

    private final JsonObject claims;

    Claims(JsonObject claims) {
        this.claims = claims;
    }

    Optional<JsonElement> any(String name) {
        return Optional.ofNullable(claims.get(name));
    }

    Optional<String> text(String name) throws TokenRejectedException {
        JsonElement value = claims.get(name);
        return value == null ? Optional.empty() : Optional.of(asText(name, value));
    }

    /** A claim that is one text or a list of texts, as {@code aud} is (RFC 7519 section 4.1.3). */
    Optional<List<String>> texts(String name) throws TokenRejectedException {
        JsonElement value = claims.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonArray array)) {
            return Optional.of(List.of(asText(name, value)));
        }
        List<String> texts = new ArrayList<>(array.size());
        for (JsonElement element : array) {
            texts.add(asText(name, element));
        }
        return Optional.of(texts);
    }

    /** A {@code NumericDate} (RFC 7519 section 2): seconds since 1970, perhaps with a fraction. */
    Optional<Instant> date(String name) throws TokenRejectedException {
        JsonElement value = claims.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonPrimitive number) || !number.isNumber()) {
            throw new TokenRejectedException(TOKEN_INVALID, "token's claim " + name + " is not a JSON number");
        }
        double seconds = number.getAsDouble();
        if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
            throw new TokenRejectedException(
                    TOKEN_INVALID, "token's claim " + name + " is not a time in seconds since 1970 (milliseconds?)");
        }
        long whole = (long) seconds;
        return Optional.of(Instant.ofEpochSecond(whole, (long) ((seconds - whole) * 1e9)));
    }

    private static String asText(String name, JsonElement value) throws TokenRejectedException {
        if (value instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw new TokenRejectedException(TOKEN_INVALID, "token's claim " + name + " is not a JSON string");
    }
}
