package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import com.google.gson.JsonElement;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenRejectedException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the owner of a token may do.
 *
 * @param function the program's own reading of the claims, if it has one
 * @param defaults what tokens without the claim {@code topics} allow otherwise
 */
record Rights(Optional<Function<TokenClaims, Permissions>> function, Permissions defaults) {
    Permissions of(Claims claims) throws TokenRejectedException {
        if (function.isPresent()) {
            return read(claims, function.get());
        }
        Optional<JsonElement> topics = claims.any("topics");
        return topics.isPresent() ? TopicRights.of(topics.get()) : defaults;
    }

    private static Permissions read(Claims claims, Function<TokenClaims, Permissions> function)
            throws TokenRejectedException {
        Permissions permissions;
        try {
            permissions = function.apply(new TokenClaims(claims));
        } catch (IllegalArgumentException e) {
            // Its text may quote the claim.
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's claims give no permissions: they are not of the form that this robot reads");
        }
        return Objects.requireNonNull(permissions, "what the function given to permissions(...) returned");
    }
}
