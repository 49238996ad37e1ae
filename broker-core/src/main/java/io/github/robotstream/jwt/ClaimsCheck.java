package io.github.robotstream.jwt;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules for what a signed token says (RFC 7519 section 4.1), and who its owner is by them. */
record ClaimsCheck(
        TimeCheck time,
        Optional<String> issuer,
        boolean anyAudience,
        Optional<String> ownAudience,
        Optional<String> brokerName,
        Rights rights) {

    /** Begins the name of whoever comes with a token that has no {@code sub}; its {@linkplain CompactToken#fingerprint} follows. */
    static final String NO_SUBJECT = "token-";

    /** The attribute that holds a token's {@code jti}, by which the robot can tell it from its owner's others. */
    static final String TOKEN_ID = "jti";

    private static final int MAX_TOKEN_ID_CHARACTERS = 255;

    ClaimsCheck forBroker(Optional<String> name) {
        return new ClaimsCheck(time, issuer, anyAudience, ownAudience, name, rights);
    }

    Optional<String> audience() {
        return ownAudience.or(() -> brokerName);
    }

    /** Whether a token of another application, signed with a key that many trust, would be told from one for this robot. */
    boolean tellsApplicationsApart() {
        return anyAudience || audience().isPresent();
    }

    /** Who the owner of a token is. Judges the time last: "expired" then means that the token was good but for that. */
    ClientPrincipal principal(CompactToken token, TokenClaims claims) throws TokenRejectedException, IOException {
        if (!claims.isSignedWithSecret() && !tellsApplicationsApart()) {
            throw new IllegalStateException(NO_AUDIENCE);
        }
        try {
            checkIssuer(claims.text("iss"));
            checkAudience(claims);
            Optional<String> id = tokenId(claims);
            ClientPrincipal principal = owner(token, claims);
            if (id.isPresent()) {
                principal = principal.withAttributes(Map.of(TOKEN_ID, id.get()));
            }
            Optional<Instant> end = time.end(claims);
            return end.isPresent() ? principal.expiringAt(end.get()) : principal;
        } catch (TokenClaims.MalformedException e) {
            throw Rejections.malformed(String.valueOf(e.getMessage()));
        }
    }

    /** RFC 7519 section 4.1.3; a token that many could have made must be for this robot even if no audience was set. */
    private void checkAudience(TokenClaims claims) throws TokenRejectedException {
        Optional<List<String>> present = claims.textsIfPresent("aud");
        if (anyAudience || (present.isEmpty() && ownAudience.isEmpty() && claims.isSignedWithSecret())) {
            return;
        }
        String told = present.map(names -> Rejections.quoted(String.join(", ", names)))
                .orElse("missing");
        if (audience().isEmpty()) {
            // Whoever does not find itself in aud must refuse, and this verifier has no name.
            throw Rejections.because(
                    "token's claim aud is " + told + " and the verifier has no audience: leave it out or set audience");
        }
        if (!present.orElse(List.of()).contains(audience().get())) {
            throw Rejections.because("token's claim aud is " + told + ": this robot expects "
                    + audience().get());
        }
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
    private static Optional<String> tokenId(TokenClaims claims) throws TokenRejectedException {
        Optional<String> id = claims.text("jti");
        if (id.isPresent() && id.get().length() > MAX_TOKEN_ID_CHARACTERS) {
            throw Rejections.malformed("token's claim jti has " + id.get().length() + " characters: "
                    + MAX_TOKEN_ID_CHARACTERS + " is the most");
        }
        return id;
    }

    private ClientPrincipal owner(CompactToken token, TokenClaims claims) throws TokenRejectedException {
        String name = claims.text("sub").orElseGet(() -> NO_SUBJECT + token.fingerprint());
        try {
            return ClientPrincipal.of(name, rights.of(claims));
        } catch (IllegalArgumentException e) {
            throw Rejections.malformed("token's claim sub: " + e.getMessage());
        }
    }
}
