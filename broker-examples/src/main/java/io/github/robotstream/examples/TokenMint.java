package io.github.robotstream.examples;

import io.github.robotstream.jwt.JwtTokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
        return signer(subject, ttl).sign();
    }

    /** A token with exactly these rights. */
    String mint(String subject, Duration ttl, List<String> subscribe, List<String> publish, List<String> services) {
        return signer(subject, ttl)
                .subscribe(subscribe.toArray(String[]::new))
                .publish(publish.toArray(String[]::new))
                .call(services.toArray(String[]::new))
                .sign();
    }

    private JwtTokenSigner signer(String subject, Duration ttl) {
        JwtTokenSigner signer = JwtTokenSigner.hmac(secret.bytes())
                .subject(subject)
                .lifetime(ttl)
                .clock(clock);
        audience.ifPresent(signer::audience);
        return signer;
    }
}
