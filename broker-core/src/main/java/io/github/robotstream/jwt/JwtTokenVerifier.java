package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_MISSING;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;

/**
 * Lets in who comes with a signed JSON Web Token (RFC 7519 in the compact form of RFC 7515), judged as RFC 8725
 * advises.
 *
 * <p>One key and one algorithm: what the token's header says about keys never matters. At most 16 KiB, in the one
 * spelling of RFC 7515 section 2, header and claims in strict JSON. Of the claims,
 *
 * <ul>
 *   <li>{@code exp} is required; the token is good until then plus the skew, and so is the session;
 *   <li>{@code nbf} is kept, less the skew; {@code iat} and {@code jti} must have the right type and are not judged;
 *   <li>{@code iss} must be the issuer, if one is set; {@code aud} must have the audience, and if none is set a token
 *       with {@code aud} is refused (RFC 7519 section 4.1.3);
 *   <li>{@code sub} is the principal's name; without it the name is {@code token}, and all such clients count as one
 *       where clients are counted by name;
 *   <li>{@code topics}, as in <code>{"subscribe":["pose","joints/#"],"publish":["cmd_vel"]}</code>, gives exactly those
 *       rights; a missing list is empty, any other form refuses the token; without the claim the default permissions
 *       hold.
 * </ul>
 *
 * <p>Immutable and safe for use by several threads; never blocks; a refusal never quotes the token, and nothing of what
 * it claims before its signature has been checked.
 */
public final class JwtTokenVerifier implements TokenVerifier {
    private final VerificationKey key;
    private final ClaimsCheck check;

    JwtTokenVerifier(VerificationKey key, ClaimsCheck check) {
        this.key = key;
        this.check = check;
    }

    /**
     * Tokens signed with HS256 by whoever shares a secret with this robot.
     *
     * @param secret 32 bytes or more, random ones; they are copied
     * @return the settings, to be finished with {@link JwtTokenVerifierBuilder#build}
     * @throws IllegalArgumentException if the secret is too short
     */
    public static JwtTokenVerifierBuilder hmac(byte[] secret) {
        return hmac(HmacAlgorithm.HS256, secret);
    }

    /**
     * Tokens signed with an algorithm of your choice by whoever shares a secret with this robot.
     *
     * @param algorithm the one that is accepted; all others are refused
     * @param secret as many bytes as the hash has or more, random ones; they are copied
     * @return the settings, to be finished with {@link JwtTokenVerifierBuilder#build}
     * @throws IllegalArgumentException if the secret is too short
     */
    public static JwtTokenVerifierBuilder hmac(HmacAlgorithm algorithm, byte[] secret) {
        return new JwtTokenVerifierBuilder(new HmacKey(algorithm, secret));
    }

    @Override
    public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
        String text = request.token().orElse("");
        if (text.isEmpty()) {
            throw new TokenRejectedException(
                    TOKEN_MISSING, "no token: send one as ?token=<JWT> or in the header Authorization: Bearer <JWT>");
        }
        CompactToken token = CompactToken.of(text);
        JoseHeader.check(StrictJson.object(token.header(), "header"), key.algorithm());
        byte[] claims = token.claims();
        if (!key.signed(token.signedBytes(), token.signature())) {
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's signature is wrong: it was made with another key, or the token was changed");
        }
        return check.principal(new Claims(StrictJson.object(claims, "claims")));
    }

    /** Returns false: nothing is waited for. */
    @Override
    public boolean mayBlock() {
        return false;
    }

    /** Returns the settings, without the key. */
    @Override
    public String toString() {
        return "JwtTokenVerifier[" + key.algorithm() + ", skew " + check.skew()
                + check.issuer().map(issuer -> ", issuer " + issuer).orElse("")
                + check.audience().map(audience -> ", audience " + audience).orElse("") + "]";
    }
}
