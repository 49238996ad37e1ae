package io.github.robotstream.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A JWK set at an identity provider's address. Nimbus caches it, fetches it again ahead of time, tries twice, limits how
 * often strangers' key ids make it ask, and goes on with the old set while the provider is down.
 */
final class KeySetUrl implements KeySource {
    /** Two tries of so long end before the broker stops waiting for a verdict, which is after 5 s. */
    static final Duration FETCH_LIMIT = Duration.ofSeconds(2);

    /** However many tokens name keys that are not known. */
    private static final Duration TWO_FETCHES_IN = Duration.ofSeconds(10);

    private static final long WAIT_FOR_OTHERS_MILLIS = 4_000;
    private static final int MOST_WAITING_FOR_NEW_KEYS = 2;

    private final KeySetAddress address;
    private final LongSupplier millis;
    private final RemoteKeySet remote;
    private final JWKSetSource<SecurityContext> cached;
    private final Semaphore waitingForNewKeys = new Semaphore(MOST_WAITING_FOR_NEW_KEYS);
    private volatile Snapshot snapshot = new Snapshot(new JWKSet(), new KeyList(List.of()));

    /** A set as Nimbus has it, and its keys made ready. */
    private record Snapshot(JWKSet set, KeyList keys) {}

    /** {@code millis} is time that passes steadily: the steps of a wall clock must not stale or keep keys. */
    KeySetUrl(
            KeySetAddress address,
            RemoteKeySet remote,
            Duration refreshInterval,
            Duration tolerance,
            LongSupplier millis) {
        this.address = address;
        this.millis = millis;
        this.remote = remote;
        long refresh = refreshInterval.toMillis();
        // Nobody calls a verifier's close, so this makes no timer: whoever comes shortly before the end starts the
        // refresh.
        ThreadPoolExecutor ahead = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(2),
                KeySetFetch::daemon,
                new ThreadPoolExecutor.DiscardPolicy());
        ahead.allowCoreThreadTimeOut(true);
        this.cached = ((JWKSetBasedJWKSource<SecurityContext>) JWKSourceBuilder.create(remote)
                        .cache(refresh, WAIT_FOR_OTHERS_MILLIS)
                        .refreshAheadCache(refresh / 4, null, ahead, false, null, false)
                        .retrying(true)
                        .rateLimited(TWO_FETCHES_IN.toMillis())
                        .outageTolerant(tolerance.toMillis())
                        .build())
                .getJWKSetSource();
    }

    static KeySetUrl of(KeySetAddress address, Duration refreshInterval, Duration tolerance) {
        RemoteKeySet remote = new RemoteKeySet(address.toString(), new KeySetFetch(address.uri(), FETCH_LIMIT));
        long start = System.nanoTime();
        return new KeySetUrl(
                address,
                remote,
                refreshInterval,
                tolerance,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    @Override
    public KeyList keysFor(String alg, Optional<String> kid) throws IOException {
        if (JwtAlgorithm.named(alg).filter(known -> !known.isOfSecrets()).isEmpty()) {
            return new KeyList(List.of());
        }
        Snapshot present = load(JWKSetCacheRefreshEvaluator.noRefresh());
        KeyList fitting = present.keys().fitting(alg, kid);
        return fitting.isEmpty() ? afterRefresh(present).keys().fitting(alg, kid) : fitting;
    }

    /** The provider may have a new key since; few may wait for the answer, so that made-up ids do not take all threads. */
    private Snapshot afterRefresh(Snapshot present) throws IOException {
        if (!waitingForNewKeys.tryAcquire()) {
            throw new IOException(address + " is being asked for new keys by others");
        }
        try {
            Snapshot newer = load(JWKSetCacheRefreshEvaluator.referenceComparison(present.set()));
            if (remote.isDown()) {
                throw new IOException(address + " cannot be asked for new keys");
            }
            return newer;
        } catch (AskedTooOftenException e) {
            return present;
        } finally {
            waitingForNewKeys.release();
        }
    }

    private static final class AskedTooOftenException extends IOException {
        private static final long serialVersionUID = 1L;

        AskedTooOftenException(String message) {
            super(message);
        }
    }

    private Snapshot load(JWKSetCacheRefreshEvaluator evaluator) throws IOException {
        JWKSet set;
        try {
            set = cached.getJWKSet(evaluator, millis.getAsLong(), null);
        } catch (RateLimitReachedException e) {
            throw new AskedTooOftenException(address + " was asked often enough and had no keys");
        } catch (KeySourceException e) {
            // What Nimbus says may hold the address; what is wrong goes to the log as an event.
            throw new IOException(address + " has given no keys yet or is down for too long");
        }
        Snapshot last = snapshot;
        if (last.set() == set) {
            return last;
        }
        Snapshot made = new Snapshot(set, JwkReader.keys(set.getKeys()));
        snapshot = made;
        return made;
    }

    @Override
    public Set<String> algorithms() {
        Set<String> present = snapshot.keys().algorithms();
        return present.isEmpty() ? every() : present;
    }

    private static Set<String> every() {
        Set<String> all = new TreeSet<>();
        JwtAlgorithm.ofPublicKeys().forEach(algorithm -> all.addAll(algorithm.names()));
        return all;
    }

    @Override
    public boolean hasPublicKeys() {
        return true;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public Optional<KeySetEvent> takeEvent() {
        return remote.takeEvent();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
