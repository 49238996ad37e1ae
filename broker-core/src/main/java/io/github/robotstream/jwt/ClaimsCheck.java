package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rules for what a signed token says (RFC 7519 section 4.1), and who its owner is by them. */
record ClaimsCheck(
        Clock clock,
        Duration skew,
        Optional<String> issuer,
        Optional<String> audience,
        Permissions defaultPermissions) {

    /** The name of whoever comes with a token that has no {@code sub}. */
    static final String NO_SUBJECT = "token";

    /** Judges the time last: "expired" then means that the token was good but for that. */
    ClientPrincipal principal(Claims claims) throws TokenRejectedException {
        claims.text("jti");
        claims.date("iat");
        checkIssuer(claims.text("iss"));
        checkAudience(claims.texts("aud"));
        ClientPrincipal principal = owner(claims);
        return principal.expiringAt(end(claims));
    }

    private void checkIssuer(Optional<String> present) throws TokenRejectedException {
        if (issuer.isPresent() && !issuer.equals(present)) {
            throw new TokenRejectedException(
                    TOKEN_INVALID, "token is of another issuer: its claim iss must be " + issuer.get());
        }
    }

    private void checkAudience(Optional<List<String>> present) throws TokenRejectedException {
        if (audience.isPresent()) {
            if (!present.orElse(List.of()).contains(audience.get())) {
                throw new TokenRejectedException(
                        TOKEN_INVALID, "token is for another audience: its claim aud must have " + audience.get());
            }
        } else if (present.isPresent()) {
            // RFC 7519 section 4.1.3: whoever does not find itself in aud must refuse, and this verifier has no name.
            throw new TokenRejectedException(
                    TOKEN_INVALID, "token has a claim aud and the verifier no audience: leave it out or set audience");
        }
    }

    private ClientPrincipal owner(Claims claims) throws TokenRejectedException {
        String name = claims.text("sub").orElse(NO_SUBJECT);
        Permissions permissions = claims.any("topics").isPresent()
                ? TopicRights.of(claims.any("topics").get())
                : defaultPermissions;
        try {
            return ClientPrincipal.of(name, permissions);
        } catch (IllegalArgumentException e) {
            throw new TokenRejectedException(TOKEN_INVALID, "token's claim sub: " + e.getMessage());
        }
    }

    /** The first instant at which the token is no longer good, which has not come yet. */
    private Instant end(Claims claims) throws TokenRejectedException {
        Optional<Instant> notBefore = claims.date("nbf");
        Instant expiry = claims.date("exp")
                .orElseThrow(() -> new TokenRejectedException(
                        TOKEN_INVALID, "token has no claim exp: tokens that never expire are not accepted"));
        Instant now = clock.instant();
        if (notBefore.isPresent() && now.plus(skew).isBefore(notBefore.get())) {
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token is not valid before " + notBefore.get() + ": come back then, or set the clock");
        }
        Instant end = expiry.plus(skew);
        if (!now.isBefore(end)) {
            throw new TokenRejectedException(TOKEN_EXPIRED, "token expired at " + expiry + ": get a new one");
        }
        return end;
    }
}
