package io.github.robotstream.examples;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the tokens that a broker with the same secret accepts. */
final class TokenMint {
    private final Secret secret;
    private final Clock clock;
    private final Optional<String> audience;

    TokenMint(Secret secret, Clock clock) {
        this(secret, clock, Optional.empty());
    }

    /** One whose tokens are meant for this audience, where there is one. */
    TokenMint(Secret secret, Clock clock, Optional<String> audience) {
        this.secret = secret;
        this.clock = clock;
        this.audience = audience;
    }

    /** A token with the rights that the broker gives to those which name none: everything an application may do. */
    String mint(String subject, Duration ttl) {
        return signed(claims(subject, ttl).build());
    }

    /** A token with exactly these rights. */
    String mint(String subject, Duration ttl, List<String> subscribe, List<String> publish, List<String> services) {
        return signed(claims(subject, ttl)
                .claim("topics", Map.of("subscribe", subscribe, "publish", publish))
                .claim("services", services)
                .build());
    }

    @SuppressWarnings("JavaUtilDate") // the JWT library takes no other
    private JWTClaimsSet.Builder claims(String subject, Duration ttl) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)));
        audience.ifPresent(claims::audience);
        return claims;
    }

    private String signed(JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(JOSEObjectType.JWT)
                .build();
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new MACSigner(secret.bytes()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a secret of this length does not sign: " + secret, e);
        }
    }
}
