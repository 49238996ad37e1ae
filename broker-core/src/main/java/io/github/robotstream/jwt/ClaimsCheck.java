package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The rules for what a signed token says (RFC 7519 section 4.1), and who its owner is by them. */
record ClaimsCheck(TimeCheck time, Optional<String> issuer, AudienceCheck audience, Rights rights) {

    /** Begins the name of whoever comes with a token that has no {@code sub}; its {@linkplain CompactToken#fingerprint} follows. */
    static final String NO_SUBJECT = "token-";

    /** The attribute that holds a token's {@code jti}, by which the robot can tell it from its owner's others. */
    static final String TOKEN_ID = "jti";

    private static final int MAX_TOKEN_ID_CHARACTERS = 255;

    ClaimsCheck forBroker(Optional<String> name) {
        return new ClaimsCheck(time, issuer, audience.named(name), rights);
    }

    /**
     * Who the owner of a token is; {@code key} is what it was signed with, {@code claims} what it says. Judges the time last: "expired" then means that
     * the token was good but for that.
     */
    ClientPrincipal principal(CompactToken token, Claims claims, JwtKey key)
            throws TokenRejectedException, IOException {
        if (!key.isSecret() && !audience.tellsApart()) {
            throw new IllegalStateException(NO_AUDIENCE);
        }
        checkIssuer(claims.text("iss"));
        audience.check(claims.texts("aud"), !key.isSecret());
        Optional<String> id = tokenId(claims);
        ClientPrincipal principal = owner(token, claims, key);
        if (id.isPresent()) {
            principal = principal.withAttributes(Map.of(TOKEN_ID, id.get()));
        }
        Optional<Instant> end = time.end(claims);
        return end.isPresent() ? principal.expiringAt(end.get()) : principal;
    }

    /** What is said to programs that let in tokens by public keys and do not say for whom these have to be. */
    static final String NO_AUDIENCE =
            "tokens are let in by public keys and no audience is set, so that tokens for other"
                    + " applications would drive this robot: set audience(...), or the broker's name, or deliberately anyAudience()";

    private void checkIssuer(Optional<String> present) throws TokenRejectedException {
        if (issuer.isPresent() && !issuer.equals(present)) {
            throw Rejections.because("token's claim iss is "
                    + present.map(Rejections::quoted).orElse("missing") + ": this robot expects " + issuer.get());
        }
    }

    /** Sessions keep it, so it must not be of any length. */
    private static Optional<String> tokenId(Claims claims) throws TokenRejectedException {
        Optional<String> id = claims.text("jti");
        if (id.isPresent() && id.get().length() > MAX_TOKEN_ID_CHARACTERS) {
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's claim jti has " + id.get().length() + " characters: " + MAX_TOKEN_ID_CHARACTERS
                            + " is the most");
        }
        return id;
    }

    private ClientPrincipal owner(CompactToken token, Claims claims, JwtKey key) throws TokenRejectedException {
        String name = claims.text("sub").orElseGet(() -> NO_SUBJECT + token.fingerprint());
        try {
            return ClientPrincipal.of(name, rights.of(claims, key));
        } catch (IllegalArgumentException e) {
            throw new TokenRejectedException(TOKEN_INVALID, "token's claim sub: " + e.getMessage());
        }
    }
}
