package io.github.robotstream.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A JWK set at an identity provider. Nimbus caches it, fetches it ahead of time, tries twice and limits how often it is asked.
 */
final class KeySetUrl implements KeySource {
    /** Two tries of so long end before the broker stops waiting for a verdict, which is after 5 s. */
    static final Duration FETCH_LIMIT = Duration.ofSeconds(2);

    /** However many tokens name keys that are not known. */
    private static final Duration TWO_FETCHES_IN = Duration.ofSeconds(10);

    private static final long WAIT_FOR_OTHERS_MILLIS = 4_000;
    private static final int MOST_WAITING_FOR_NEW_KEYS = 2;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String name;
    private final LongSupplier millis;
    private final Remote remote;
    private final JWKSetSource<SecurityContext> cached;
    private final Semaphore waitingForNewKeys = new Semaphore(MOST_WAITING_FOR_NEW_KEYS);
    private volatile Snapshot snapshot = new Snapshot(new JWKSet(), new KeyList(List.of()));

    /** A set as Nimbus has it, and its keys made ready. */
    private record Snapshot(JWKSet set, KeyList keys) {}

    /** {@code millis} is time that passes steadily: the steps of a wall clock must not stale or keep keys. */
    KeySetUrl(URI address, Duration fetchLimit, Duration refreshInterval, Duration tolerance, LongSupplier millis) {
        this.name = name(address);
        this.millis = millis;
        this.remote = new Remote(name, new KeySetFetch(address, fetchLimit));
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

    KeySetUrl(URI address, Duration refreshInterval, Duration tolerance) {
        this(address, FETCH_LIMIT, refreshInterval, tolerance, millisFromNow());
    }

    private static LongSupplier millisFromNow() {
        long start = System.nanoTime();
        return () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Refuses an address that keys may not come from; {@code plainHttp} allows http from other machines. */
    static URI checked(URI address, boolean plainHttp) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("key set address has the scheme " + scheme + ": it has to be https");
        }
        if (address.getHost() == null) {
            throw new IllegalArgumentException("key set address has no host: write https://host/path");
        }
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("key set address has a user or password, which would get into logs");
        }
        if (scheme.equals("http") && !plainHttp && !LOOPBACK.contains(address.getHost())) {
            throw new IllegalArgumentException(name(address)
                    + " is not https: whoever is on the way could hand the robot keys of his own. Use https, or deliberately"
                    + " keySetUrlOverPlainHttp(...)");
        }
        return address;
    }

    /** Leaves out the query, which may hold a secret. */
    private static String name(URI address) {
        return "key set " + address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
    }

    @Override
    public KeyList keysFor(String alg, Optional<String> kid) throws IOException {
        if (JwtAlgorithm.named(alg).filter(known -> !known.isOfSecrets()).isEmpty()) {
            return new KeyList(List.of());
        }
        Snapshot present;
        try {
            present = load(JWKSetCacheRefreshEvaluator.noRefresh());
        } catch (RateLimitReachedException e) {
            throw new IOException(name + " was asked often enough and had no keys");
        } catch (KeySourceException e) {
            throw unavailable();
        }
        KeyList fitting = present.keys().keysFor(alg, kid);
        return fitting.isEmpty() ? afterRefresh(present).keys().keysFor(alg, kid) : fitting;
    }

    /** The provider may have a new key since; few may wait for the answer, so that made-up ids do not take all threads. */
    private Snapshot afterRefresh(Snapshot present) throws IOException {
        if (!waitingForNewKeys.tryAcquire()) {
            throw new IOException(name + " is being asked for new keys by others");
        }
        try {
            Snapshot newer = load(JWKSetCacheRefreshEvaluator.referenceComparison(present.set()));
            if (remote.isDown()) {
                throw new IOException(name + " cannot be asked for new keys");
            }
            return newer;
        } catch (RateLimitReachedException e) {
            return present;
        } catch (KeySourceException e) {
            throw unavailable();
        } finally {
            waitingForNewKeys.release();
        }
    }

    /** What Nimbus says may hold the address; what is wrong goes to the log as an event. */
    private IOException unavailable() {
        return new IOException(name + " has given no keys yet or is down for too long");
    }

    private Snapshot load(JWKSetCacheRefreshEvaluator evaluator) throws KeySourceException {
        JWKSet set = cached.getJWKSet(evaluator, millis.getAsLong(), null);
        Snapshot last = snapshot;
        if (last.set() == set) {
            return last;
        }
        Snapshot made = new Snapshot(set, JwkReader.keys(set.getKeys()));
        snapshot = made;
        return made;
    }

    @Override
    public Set<JwtAlgorithm> algorithms() {
        Set<JwtAlgorithm> present = snapshot.keys().algorithms();
        return present.isEmpty() ? JwtAlgorithm.ofPublicKeys() : present;
    }

    @Override
    public Optional<KeySetEvent> takeEvent() {
        return Optional.ofNullable(remote.latestEvent.getAndSet(null));
    }

    @Override
    public String toString() {
        return name;
    }

    /** The key set as it is at the provider now, fetched and judged on each call; Nimbus calls it when its cache is stale. */
    static final class Remote implements JWKSetSource<SecurityContext> {
        private final String name;
        private final KeySetFetch fetch;
        final AtomicReference<@Nullable KeySetEvent> latestEvent = new AtomicReference<>();
        private volatile boolean down;
        private volatile boolean empty;

        Remote(String name, KeySetFetch fetch) {
            this.name = name;
            this.fetch = fetch;
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long millis, SecurityContext context)
                throws JWKSetUnavailableException {
            try {
                JWKSet set = new JWKSet(JwkReader.read(fetch.get()));
                if (down || set.isEmpty() != empty) {
                    latestEvent.set(KeySetEvent.read(name, down ? "can be fetched again" : "was fetched", set.size()));
                }
                down = false;
                empty = set.isEmpty();
                return set;
            } catch (IOException e) {
                if (!down) {
                    down = true;
                    latestEvent.set(KeySetEvent.failed(name + " cannot be fetched: " + e.getMessage()
                            + "; keys fetched before stay as long as keySetOutageTolerance says"));
                }
                throw new JWKSetRetrievalException(name + " cannot be fetched", e);
            }
        }

        /** Whether the last fetch failed. */
        boolean isDown() {
            return down;
        }

        @Override
        public void close() {}
    }
}
