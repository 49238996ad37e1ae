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
 * @param defaults what tokens of a shared secret without the claim {@code topics} allow otherwise; others allow nothing, as who
 *     has the private key makes tokens for other applications too, whose owners were never meant to touch a robot
 */
record Rights(Optional<Function<TokenClaims, Permissions>> function, Permissions defaults) {
    /** Of a token that was signed with {@code key}. */
    Permissions of(Claims claims, JwtKey key) throws TokenRejectedException {
        if (function.isPresent()) {
            return read(new TokenClaims(claims, key), function.get());
        }
        Optional<JsonElement> topics = claims.any("topics");
        if (topics.isPresent()) {
            return TopicRights.of(topics.get());
        }
        return key.isSecret() ? defaults : Permissions.none();
    }

    private static Permissions read(TokenClaims claims, Function<TokenClaims, Permissions> function)
            throws TokenRejectedException {
        Permissions permissions;
        try {
            permissions = function.apply(claims);
        } catch (IllegalArgumentException e) {
            // Its text may quote the claim.
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's claims give no permissions: they are not of the form that this robot reads");
        }
        return Objects.requireNonNull(permissions, "what the function given to permissions(...) returned");
    }
}
