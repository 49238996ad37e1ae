package io.github.robotstream.jwt;

import io.github.robotstream.Permissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a {@link JwtTokenVerifier}. For one thread; each {@link #build} gives an independent verifier of what
 * is set by then.
 */
public final class JwtTokenVerifierBuilder {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    private final VerificationKey key;
    private Clock clock = Clock.systemUTC();
    private Duration skew = Duration.ofSeconds(30);
    private Optional<String> issuer = Optional.empty();
    private Optional<String> audience = Optional.empty();
    private Permissions defaultPermissions = Permissions.all();

    JwtTokenVerifierBuilder(VerificationKey key) {
        this.key = key;
    }

    /**
     * The clock that tokens are judged by; the system's unless set.
     *
     * @param clock safe for use by several threads
     * @return this
     */
    public JwtTokenVerifierBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /**
     * How far the clock of whoever makes tokens and the robot's may be apart: {@code exp} holds so much longer,
     * {@code nbf} so much earlier. 30 seconds unless set.
     *
     * @param skew 0 to 5 minutes
     * @return this
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public JwtTokenVerifierBuilder skew(Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("skew is " + skew + ": take 0 to 5 minutes");
        }
        this.skew = skew;
        return this;
    }

    /**
     * Who must have issued the tokens; anybody who has the key unless set.
     *
     * @param issuer what their claim {@code iss} must be, compared character by character
     * @return this
     * @throws IllegalArgumentException if it is blank
     */
    public JwtTokenVerifierBuilder issuer(String issuer) {
        this.issuer = Optional.of(notBlank("issuer", issuer));
        return this;
    }

    /**
     * The name that tokens for this robot have in their claim {@code aud}. Unless it is set, tokens with that claim are
     * refused: they are meant for somebody who has a name.
     *
     * @param audience what must be in their claim {@code aud}, compared character by character
     * @return this
     * @throws IllegalArgumentException if it is blank
     */
    public JwtTokenVerifierBuilder audience(String audience) {
        this.audience = Optional.of(notBlank("audience", audience));
        return this;
    }

    /**
     * What clients may do whose token has no claim {@code topics}; {@link Permissions#all} unless set.
     *
     * @param permissions what they may do
     * @return this
     */
    public JwtTokenVerifierBuilder defaultPermissions(Permissions permissions) {
        this.defaultPermissions = permissions;
        return this;
    }

    /**
     * The verifier.
     *
     * @return a new verifier
     */
    public JwtTokenVerifier build() {
        return new JwtTokenVerifier(key, new ClaimsCheck(clock, skew, issuer, audience, defaultPermissions));
    }

    private static String notBlank(String setting, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(setting + " is blank: give it a text, or leave it unset");
        }
        return value;
    }
}
