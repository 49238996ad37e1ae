package io.github.robotstream.jwt;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the owner of a token may do: by the program's function, else by the claims {@code topics} and {@code services}. The defaults are for shared
 * secrets alone: who has a private key makes tokens for other applications too.
 */
record Rights(Optional<Function<TokenClaims, Permissions>> function, Permissions defaults) {
    private static final String SUBSCRIBE = "subscribe";
    private static final String PUBLISH = "publish";

    Permissions of(TokenClaims claims) throws TokenRejectedException {
        if (function.isPresent()) {
            return read(claims, function.get());
        }
        Optional<JsonElement> topics = claims.any("topics");
        Optional<JsonElement> services = claims.any("services");
        if (topics.isPresent() || services.isPresent()) {
            Permissions ofTopics = topics.isPresent() ? topics(topics.get()) : Permissions.none();
            return services.isPresent() ? services(ofTopics, services.get()) : ofTopics;
        }
        return claims.isSignedWithSecret() ? defaults : Permissions.none();
    }

    private static Permissions read(TokenClaims claims, Function<TokenClaims, Permissions> function)
            throws TokenRejectedException {
        Permissions permissions;
        try {
            permissions = function.apply(claims);
        } catch (IllegalArgumentException e) {
            // Its text may quote the claim.
            throw Rejections.malformed(
                    "token's claims give no permissions: they are not of the form that this robot reads");
        }
        return Objects.requireNonNull(permissions, "what the function given to permissions(...) returned");
    }

    /** Any other form than {@code {"subscribe":["pose","joints/#"],"publish":["cmd_vel"]}} refuses the token. */
    private static Permissions topics(JsonElement claim) throws TokenRejectedException {
        if (!(claim instanceof JsonObject rights) || !Set.of(SUBSCRIBE, PUBLISH).containsAll(rights.keySet())) {
            throw Rejections.malformed(
                    "token's claim topics is not an object of the lists subscribe and publish and nothing else");
        }
        try {
            return Permissions.none().subscribe(filters(rights, SUBSCRIBE)).publish(filters(rights, PUBLISH));
        } catch (IllegalArgumentException e) {
            throw Rejections.malformed("token's claim topics: " + e.getMessage());
        }
    }

    /** Any other form than {@code ["arm/home"]} refuses the token. */
    private static Permissions services(Permissions ofTopics, JsonElement claim) throws TokenRejectedException {
        try {
            return ofTopics.call(strings(claim, "services"));
        } catch (IllegalArgumentException e) {
            throw Rejections.malformed("token's claim services: " + e.getMessage());
        }
    }

    private static String[] filters(JsonObject rights, String list) throws TokenRejectedException {
        JsonElement value = rights.get(list);
        return value == null ? new String[0] : strings(value, "topics." + list);
    }

    private static String[] strings(JsonElement value, String list) throws TokenRejectedException {
        if (!(value instanceof JsonArray array)) {
            throw noList(list);
        }
        String[] filters = new String[array.size()];
        for (int i = 0; i < filters.length; i++) {
            if (!(array.get(i) instanceof JsonPrimitive filter) || !filter.isString()) {
                throw noList(list);
            }
            filters[i] = filter.getAsString();
        }
        return filters;
    }

    private static TokenRejectedException noList(String list) {
        return Rejections.malformed("token's claim " + list + " is not a list of filters (JSON strings)");
    }
}
