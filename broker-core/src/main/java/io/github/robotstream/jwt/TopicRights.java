package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.Set;

/**
 * The claim {@code topics}: {@code {"subscribe":["pose","joints/#"],"publish":["cmd_vel"]}}. It gives exactly what it
 * lists, a missing list is empty, and any other form refuses the token: a mistyped list must not pass for an empty one
 * or for no claim at all.
 */
final class TopicRights {
    private static final String SUBSCRIBE = "subscribe";
    private static final String PUBLISH = "publish";

    private TopicRights() {}

    static Permissions of(JsonElement claim) throws TokenRejectedException {
        if (!(claim instanceof JsonObject rights) || !Set.of(SUBSCRIBE, PUBLISH).containsAll(rights.keySet())) {
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's claim topics is not an object of the lists subscribe and publish and nothing else");
        }
        try {
            return Permissions.none().subscribe(filters(rights, SUBSCRIBE)).publish(filters(rights, PUBLISH));
        } catch (IllegalArgumentException e) {
            throw new TokenRejectedException(TOKEN_INVALID, "token's claim topics: " + e.getMessage());
        }
    }

    private static String[] filters(JsonObject rights, String list) throws TokenRejectedException {
        JsonElement value = rights.get(list);
        if (value == null) {
            return new String[0];
        }
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
        return new TokenRejectedException(
                TOKEN_INVALID, "token's claim topics." + list + " is not a list of topic filters (JSON strings)");
    }
}
