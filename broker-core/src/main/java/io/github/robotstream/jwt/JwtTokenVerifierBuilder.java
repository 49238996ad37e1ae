package io.github.robotstream.jwt;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.classpath.Libraries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of a {@link JwtTokenVerifier}; a value out of its bounds is refused at once, by an IllegalArgumentException. For
 * one thread; each {@link #build} gives an independent verifier of what is set by then.
 *
 * <pre>{@code
 * JwtTokenVerifier verifier = JwtTokenVerifier.builder()
 *         .keySetUrl(URI.create("https://login.example.com/keys"))
 *         .issuer("https://login.example.com")
 *         .audience("robot-17")
 *         .defaultPermissions(Permissions.none().subscribe("pose"))
 *         .build();
 * }</pre>
 */
public final class JwtTokenVerifierBuilder {
    private static final Instant EARLIEST_REAL_TIME = Instant.ofEpochSecond(1_577_836_800); // 2020

    private final List<JwtKey> keys = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<URI> addresses = new ArrayList<>();
    private Duration refreshInterval = Duration.ofMinutes(5);
    private Duration outageTolerance = Duration.ofHours(4);
    private Clock clock = Clock.systemUTC();
    private Duration skew = Duration.ofSeconds(30);
    private boolean expiryRequired = true;
    private Optional<Duration> maxLifetime = Optional.empty();
    private Instant clockIsSetFrom = EARLIEST_REAL_TIME;
    private boolean trustedUntilThen;
    private Optional<String> type = Optional.empty();
    private Optional<String> issuer = Optional.empty();
    private Optional<String> audience = Optional.empty();
    private boolean anyAudience;
    private Optional<Permissions> defaultPermissions = Optional.empty();
    private Optional<Function<TokenClaims, Permissions>> permissions = Optional.empty();

    JwtTokenVerifierBuilder() {}

    /**
     * Adds a key. There may be several of different kinds, and while keys are replaced an old and a new one; each is used
     * for its own algorithm only.
     *
     * @param key the key
     * @return this
     */
    public JwtTokenVerifierBuilder key(JwtKey key) {
        keys.add(Objects.requireNonNull(key, "key"));
        return this;
    }

    /**
     * Adds the public keys of a JWK set (RFC 7517 section 5) in a file, which is read again when it changes: looked at while
     * tokens come, at most once a second. RSA keys are for RS256 unless their {@code alg} says otherwise. A new set takes the
     * place of the former one, even if it has no usable key. While the file cannot be read or is no set, the keys that were read
     * last are used for {@link #keySetOutageTolerance}. The broker's log tells all of this.
     *
     * @param file the set, up to 256 KiB and 100 keys, none of them private or secret
     * @return this
     */
    public JwtTokenVerifierBuilder keySetFile(Path file) {
        files.add(Objects.requireNonNull(file, "keySetFile"));
        return this;
    }

    /**
     * Adds the public keys of an identity provider. They are fetched when the first token needs them, and after that ahead
     * of time; an answer may take 2 seconds and have 256 KiB, redirects are not followed. Who comes while keys cannot be had
     * is told to come back.
     *
     * @param address the provider's JWK set (RFC 7517 section 5); https, unless it is this machine's own
     * @return this
     */
    public JwtTokenVerifierBuilder keySetUrl(URI address) {
        Objects.requireNonNull(address, "address");
        addresses.add(KeySetUrl.checked(address, false));
        return this;
    }

    /**
     * Adds the public keys of an identity provider whose address may be of {@code http}: whoever is on the way to it can then
     * hand the robot keys of his own, and drive it.
     *
     * @param address the provider's JWK set, as {@link #keySetUrl(URI)} takes it
     * @return this
     */
    public JwtTokenVerifierBuilder keySetUrlOverPlainHttp(URI address) {
        Objects.requireNonNull(address, "address");
        addresses.add(KeySetUrl.checked(address, true));
        return this;
    }

    /**
     * How old keys of identity providers may get while these can be reached; a key that is taken back there lives so long
     * here. 5 minutes unless set.
     *
     * @param interval 1 minute to 24 hours
     * @return this
     */
    public JwtTokenVerifierBuilder keySetRefreshInterval(Duration interval) {
        refreshInterval = within("keySetRefreshInterval", interval, Duration.ofMinutes(1), Duration.ofHours(24));
        return this;
    }

    /**
     * How long the keys of a set, of a file or an identity provider, are used while it cannot be read, counted from when it was
     * read last; 4 hours unless set. Whoever can cut the robot off from its provider keeps a key alive so long that was taken
     * back there. After that clients are told to come back (503).
     *
     * @param tolerance 1 minute to 30 days
     * @return this
     */
    public JwtTokenVerifierBuilder keySetOutageTolerance(Duration tolerance) {
        outageTolerance = within("keySetOutageTolerance", tolerance, Duration.ofMinutes(1), Duration.ofDays(30));
        return this;
    }

    /**
     * The clock that tokens are judged by; the system's unless set.
     *
     * @param clock safe for use by several threads
     * @return this
     */
    public JwtTokenVerifierBuilder clock(Clock clock) {
        Objects.requireNonNull(clock, "clock");
        this.clock = clock;
        return this;
    }

    /**
     * The first time that the clock can really show: an earlier one tells that it was never set since the robot was switched
     * on, so that no expired token would be noticed, and clients are told to come back (503). 2020 unless set.
     *
     * @param earliest for instance when the robot's software was built
     * @return this
     */
    public JwtTokenVerifierBuilder clockIsSetFrom(Instant earliest) {
        Objects.requireNonNull(earliest, "earliest");
        this.clockIsSetFrom = earliest;
        return this;
    }

    /**
     * For robots that nobody sets the clock of: while it is not set ({@link #clockIsSetFrom}), {@code exp}, {@code nbf} and
     * the lifetime are not judged, and whoever finds an old token gets in. Once the clock is set, sessions whose token has
     * expired end.
     *
     * @return this
     */
    public JwtTokenVerifierBuilder trustTokensUntilClockIsSet() {
        trustedUntilThen = true;
        return this;
    }

    /**
     * How far the clock of whoever makes tokens and the robot's may be apart: {@code exp} holds so much longer,
     * {@code nbf} so much earlier. 30 seconds unless set.
     *
     * @param skew 0 to 5 minutes
     * @return this
     */
    public JwtTokenVerifierBuilder skew(Duration skew) {
        this.skew = within("skew", skew, Duration.ZERO, Duration.ofMinutes(5));
        return this;
    }

    /**
     * Lets in tokens that have no {@code exp}, too: who has got one can use it until the key is changed.
     *
     * @return this
     */
    public JwtTokenVerifierBuilder withoutExpiry() {
        expiryRequired = false;
        return this;
    }

    /**
     * How long a token may be good: from {@code iat}, if it has that claim, to {@code exp}, and from now on. Any time unless
     * set.
     *
     * @param lifetime more than nothing
     * @return this
     */
    public JwtTokenVerifierBuilder maxLifetime(Duration lifetime) {
        Objects.requireNonNull(lifetime, "lifetime");
        if (lifetime.isNegative() || lifetime.isZero()) {
            throw new IllegalArgumentException("maxLifetime is " + lifetime + ": take more than nothing");
        }
        maxLifetime = Optional.of(lifetime);
        return this;
    }

    /**
     * What tokens must be called in their header ({@code typ}, RFC 8725 section 3.11), for instance {@code at+jwt}. Unless it
     * is set, {@code typ} may be missing or {@code JWT}.
     *
     * @param type a media type, of which {@code application/} may be left out; case does not matter
     * @return this
     */
    public JwtTokenVerifierBuilder type(String type) {
        this.type = Optional.of(notBlank("type", type));
        return this;
    }

    /**
     * Who must have issued the tokens; anybody who has the key unless set.
     *
     * @param issuer what their claim {@code iss} must be, compared character by character
     * @return this
     */
    public JwtTokenVerifierBuilder issuer(String issuer) {
        this.issuer = Optional.of(notBlank("issuer", issuer));
        return this;
    }

    /**
     * The name that tokens for this robot have in their claim {@code aud}; the broker's name unless set. Once it is set,
     * tokens without the claim are refused, too.
     *
     * @param audience what must be in their claim {@code aud}, compared character by character
     * @return this
     */
    public JwtTokenVerifierBuilder audience(String audience) {
        this.audience = Optional.of(notBlank("audience", audience));
        return this;
    }

    /**
     * Does not look at {@code aud}: with public keys, every token that the same provider makes for any application gets in.
     *
     * @return this
     */
    public JwtTokenVerifierBuilder anyAudience() {
        anyAudience = true;
        return this;
    }

    /**
     * What clients may do whose token has neither claim {@code topics} nor {@code services} and is signed with a shared secret. {@link Permissions#all}
     * unless set, where shared secrets are the only keys; with public keys this or {@link #permissions} has to be set. A token
     * that was verified by a public key never gets them: without these claims it may do nothing.
     *
     * @param permissions what they may do; {@link Permissions#none} if only the claims should give rights, and where there is no
     *     shared secret
     * @return this
     */
    public JwtTokenVerifierBuilder defaultPermissions(Permissions permissions) {
        Objects.requireNonNull(permissions, "permissions");
        this.defaultPermissions = Optional.of(permissions);
        return this;
    }

    /**
     * What clients may do, from whatever claims their tokens have, and from which key they were verified by. The claims
     * {@code topics} and {@code services} have no meaning of their own then.
     *
     * @param function gives the permissions of one token, at most the same for the same claims; refuses the token by an
     *     {@link IllegalArgumentException}. Called by several threads at once; must not block
     * @return this
     */
    public JwtTokenVerifierBuilder permissions(Function<TokenClaims, Permissions> function) {
        Objects.requireNonNull(function, "function");
        this.permissions = Optional.of(function);
        return this;
    }

    private static Duration within(String setting, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, setting);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(setting + " is " + value + ": take " + least + " to " + most);
        }
        return value;
    }

    private static String notBlank(String setting, String value) {
        if (Objects.requireNonNull(value, setting).isBlank()) {
            throw new IllegalArgumentException(setting + " is blank: give it a text, or leave it unset");
        }
        return value;
    }

    /**
     * The verifier. Reads key set files; fetches nothing.
     *
     * @return a new verifier
     * @throws IllegalStateException if settings are missing or contradict each other, or with key sets the nimbus-jose-jwt of the class path
     *     is too old
     * @throws UncheckedIOException if a key set file cannot be read or is of no use
     */
    public JwtTokenVerifier build() {
        if (anyAudience && audience.isPresent()) {
            throw new IllegalStateException("both audience(...) and anyAudience() are set: set one of them");
        }
        if (permissions.isPresent() && defaultPermissions.isPresent()) {
            throw new IllegalStateException(
                    "both permissions(...) and defaultPermissions(...) are set: the function decides"
                            + " for all tokens, so leave the other out");
        }
        if (maxLifetime.isPresent() && !expiryRequired) {
            throw new IllegalStateException(
                    "both maxLifetime(...) and withoutExpiry() are set: a token without expiry has"
                            + " no end to its life; set one of them");
        }
        if (keys.isEmpty() && files.isEmpty() && addresses.isEmpty()) {
            throw new IllegalStateException("no key is set: set key(...), keySetFile(...) or keySetUrl(...)");
        }
        if (!files.isEmpty() || !addresses.isEmpty()) {
            Libraries.checkNimbus();
        }
        KeyList fixed = new KeyList(keys);
        KeyRing ring = ring(fixed);
        if (ring.hasPublicKeys() && permissions.isEmpty() && defaultPermissions.isEmpty()) {
            throw new IllegalStateException("tokens are let in by public keys, and no permissions are set: set"
                    + " defaultPermissions(...), for instance Permissions.none() if the claim topics gives the rights, or"
                    + " permissions(...)");
        }
        Permissions defaults = defaultPermissions.orElse(Permissions.none());
        if (!fixed.hasSecrets() && !defaults.equals(Permissions.none())) {
            throw new IllegalStateException(
                    "defaultPermissions(...) are for tokens of shared secrets, and none is set: set"
                            + " permissions(...), or Permissions.none() and let the claim topics give the rights");
        }
        TimeCheck time = new TimeCheck(clock, skew, expiryRequired, maxLifetime, clockIsSetFrom, trustedUntilThen);
        Rights rights = new Rights(permissions, defaultPermissions.orElse(Permissions.all()));
        return new JwtTokenVerifier(
                ring,
                type,
                new ClaimsCheck(time, issuer, anyAudience, audience, Optional.empty(), rights),
                Optional.empty());
    }

    /** Reads files, fetches nothing. What never waits comes first. */
    private KeyRing ring(KeyList fixed) {
        List<KeySource> sources = new ArrayList<>();
        if (!fixed.isEmpty()) {
            sources.add(fixed);
        }
        for (Path file : files) {
            try {
                sources.add(new KeySetFile(file, outageTolerance, System::nanoTime));
            } catch (IOException e) {
                throw new UncheckedIOException("key set " + file + " cannot be used: " + e.getMessage(), e);
            }
        }
        addresses.forEach(address -> sources.add(new KeySetUrl(address, refreshInterval, outageTolerance)));
        return new KeyRing(sources);
    }
}
