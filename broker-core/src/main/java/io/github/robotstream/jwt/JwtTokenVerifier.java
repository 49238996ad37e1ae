package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_MISSING;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets in who comes with a signed JSON Web Token (RFC 7519 in the compact form of RFC 7515), judged as RFC 8725
 * advises.
 *
 * <p>Each key has one algorithm: a token's header chooses between keys ({@code kid}) and never how one is used. At most
 * 16 KiB, in the one spelling of RFC 7515 section 2, header and claims in strict JSON. Of the claims,
 *
 * <ul>
 *   <li>{@code exp} is required unless {@code withoutExpiry()} was said; the token is good until then plus the skew, and
 *       so is the session;
 *   <li>{@code nbf} is kept, less the skew; {@code iat} counts only for {@code maxLifetime};
 *   <li>{@code iss} must be the issuer, if one is set;
 *   <li>{@code aud} must have the audience, which is the broker's name unless one is set. A token without the claim gets in
 *       only if it was signed with a shared secret and no audience is set;
 *   <li>{@code sub} is the principal's name; without it the name is made of the token itself, {@code token-} and 16 characters, so
 *       that each such token is a subject of its own: its session cannot be renewed with another one; {@code jti} becomes the principal's attribute of that name;
 *   <li>{@code topics}, as in <code>{"subscribe":["pose","joints/#"],"publish":["cmd_vel"]}</code>, gives exactly those
 *       rights, and {@code services}, as in <code>["dock","arm/#"]</code>, those to call; what is missing is empty, any other form refuses
 *       the token; without both claims the default permissions hold if the token was signed with a shared secret, and none otherwise. A function given to {@code permissions} decides in place of all that.
 * </ul>
 *
 * <p>Immutable and safe for use by several threads. With fixed keys it never blocks; with a key set it may, for as long as
 * two fetches take, 4 seconds. A refusal never quotes the token and tells its owner nothing of these settings; its detail, for
 * the log sink, quotes claims only after the signature has been checked. A provider that is down is an {@link IOException}, so
 * that clients keep good tokens.
 *
 * <pre>{@code
 * TokenVerifier verifier = JwtTokenVerifier.builder()
 *         .keySetUrl(URI.create("https://id.example/jwks.json"))
 *         .issuer("https://id.example")
 *         .audience("robot-17")
 *         .defaultPermissions(Permissions.none())   // only what a token's claim "topics" says
 *         .build();
 * }</pre>
 */
public final class JwtTokenVerifier implements TokenVerifier {
    private final KeyRing keys;
    private final Optional<String> type;
    private final ClaimsCheck check;
    private final Optional<Consumer<LogEntry.Builder>> log; // of the broker, once there is one

    JwtTokenVerifier(KeyRing keys, Optional<String> type, ClaimsCheck check, Optional<Consumer<LogEntry.Builder>> log) {
        this.keys = keys;
        this.type = type;
        this.check = check;
        this.log = log;
    }

    /**
     * Tokens signed with HS256 by whoever shares a secret with this robot.
     *
     * @param secret 32 bytes or more, random ones; they are copied
     * @return the settings, to be finished with {@link JwtTokenVerifierBuilder#build}
     * @throws IllegalArgumentException if the secret is too short
     */
    public static JwtTokenVerifierBuilder hmac(byte[] secret) {
        return builder().key(JwtKey.hmac(secret));
    }

    /** {@return settings without keys yet} */
    public static JwtTokenVerifierBuilder builder() {
        return new JwtTokenVerifierBuilder();
    }

    @Override
    public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException, IOException {
        String text = request.token().orElse("");
        if (text.isEmpty()) {
            throw new TokenRejectedException(
                    TOKEN_MISSING, "no token: send one as ?token=<JWT> or in the header Authorization: Bearer <JWT>");
        }
        CompactToken token = CompactToken.of(text);
        JoseHeader header = JoseHeader.of(StrictJson.object(token.header(), "header"), type);
        byte[] claims = token.claims();
        JwtKey key = signer(token, header);
        return check.principal(token, new TokenClaims(StrictJson.object(claims, "claims"), key));
    }

    private JwtKey signer(CompactToken token, JoseHeader header) throws TokenRejectedException, IOException {
        try {
            return keys.signer(token, header);
        } finally {
            log.ifPresent(broker -> keys.tellEvents(
                    event -> broker.accept(LogEntry.of(event.level(), event.event(), event.message()))));
        }
    }

    /** Returns whether keys come from a file or an address. */
    @Override
    public boolean mayBlock() {
        return keys.mayBlock();
    }

    /**
     * This verifier, with the broker's name as the audience unless another was set, telling that broker's log what happens
     * to its key sets.
     *
     * @throws IllegalStateException if tokens are let in by public keys, and neither an audience nor a name is set
     */
    @Override
    public JwtTokenVerifier forBroker(Optional<String> name, Consumer<LogEntry.Builder> log) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(log, "log");
        ClaimsCheck named = check.forBroker(name);
        if (keys.hasPublicKeys() && !named.tellsApplicationsApart()) {
            throw new IllegalStateException(ClaimsCheck.NO_AUDIENCE);
        }
        return new JwtTokenVerifier(keys, type, named, Optional.of(log));
    }

    /** Returns the settings, without the keys. */
    @Override
    public String toString() {
        return "JwtTokenVerifier[" + keys + ", skew " + check.time().skew()
                + check.issuer().map(issuer -> ", issuer " + issuer).orElse("")
                + check.audience().map(name -> ", audience " + name).orElse("") + "]";
    }
}
