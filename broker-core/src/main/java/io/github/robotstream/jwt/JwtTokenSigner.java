package io.github.robotstream.jwt;

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
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a token (RFC 7519) that {@link JwtTokenVerifier#hmac} accepts, for test benches and for robots that hand out tokens themselves.
 *
 * <pre>{@code
 * String token = JwtTokenSigner.hmac(secret).subject("operator-3").subscribe("#").publish("cmd_vel").sign();
 * }</pre>
 *
 * <p>Without {@link #subscribe}, {@link #publish} and {@link #call} the token has the rights that the verifier gives to tokens that name none.
 * With one of them it has exactly the named rights. Not safe for several threads.
 */
public final class JwtTokenSigner {
    private final byte[] secret;
    private final List<String> subscribe = new ArrayList<>();
    private final List<String> publish = new ArrayList<>();
    private final List<String> call = new ArrayList<>();
    private final List<String> audience = new ArrayList<>();
    private String subject = "";
    private Duration lifetime = Duration.ofHours(1);
    private Clock clock = Clock.systemUTC();
    private boolean namesRights;

    private JwtTokenSigner(byte[] secret) {
        this.secret = secret;
    }

    /**
     * A signer with HS256 (RFC 7518 section 3.2).
     *
     * @param secret 32 bytes or more, random ones, the same as the verifier's; they are copied
     * @throws IllegalArgumentException if the secret is too short
     */
    public static JwtTokenSigner hmac(byte[] secret) {
        JwtKey.hmac(Objects.requireNonNull(secret, "secret")); // checks its length
        return new JwtTokenSigner(secret.clone());
    }

    /** The name of the client that presents the token; required. */
    public JwtTokenSigner subject(String name) {
        subject = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * How long the token is valid, from now on, in whole seconds; an hour unless set.
     *
     * @throws IllegalArgumentException if that is less than a second
     */
    public JwtTokenSigner lifetime(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lifetime of " + time + " is too short: set a second or more");
        }
        lifetime = time;
        return this;
    }

    /** Topics or filters that it permits to subscribe to, beside those of earlier calls. */
    public JwtTokenSigner subscribe(String... filters) {
        return permit(subscribe, filters);
    }

    /** Topics or filters that it permits to publish to, beside those of earlier calls. */
    public JwtTokenSigner publish(String... filters) {
        return permit(publish, filters);
    }

    /** Services, or filters of them, that it permits to call, beside those of earlier calls. */
    public JwtTokenSigner call(String... filters) {
        return permit(call, filters);
    }

    private JwtTokenSigner permit(List<String> rights, String... filters) {
        for (String filter : Objects.requireNonNull(filters, "filters")) {
            rights.add(Objects.requireNonNull(filter, "filters"));
        }
        namesRights = true;
        return this;
    }

    /** The audience that it is meant for, a robot's name for instance, beside those of earlier calls. */
    public JwtTokenSigner audience(String name) {
        audience.add(Objects.requireNonNull(name, "name"));
        return this;
    }

    /** The clock that its times are taken from; the system's unless set. */
    public JwtTokenSigner clock(Clock value) {
        clock = Objects.requireNonNull(value, "value");
        return this;
    }

    /**
     * Makes the token; may be called again, for a token that is valid from then on.
     *
     * @throws IllegalStateException if it has no subject
     */
    public String sign() {
        if (subject.isEmpty()) {
            throw new IllegalStateException("a token needs a subject: set subject(...)");
        }
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(JOSEObjectType.JWT)
                .build();
        try {
            SignedJWT jwt = new SignedJWT(header, claims());
            jwt.sign(new MACSigner(secret));
            return jwt.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("a secret that verifies does not sign", impossible);
        }
    }

    @SuppressWarnings("JavaUtilDate") // the JWT library takes no other
    private JWTClaimsSet claims() {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
        if (!audience.isEmpty()) {
            claims.audience(audience);
        }
        if (namesRights) {
            claims.claim("topics", Map.of("subscribe", subscribe, "publish", publish))
                    .claim("services", call);
        }
        return claims.build();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "JwtTokenSigner[subject=" + subject + ", lifetime=" + lifetime + "]";
    }
}
