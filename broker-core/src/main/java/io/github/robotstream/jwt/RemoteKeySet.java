package io.github.robotstream.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.util.Optional;

/** The key set as it is at the provider now, fetched and judged on each call; Nimbus calls it when its cache is stale. */
final class RemoteKeySet implements JWKSetSource<SecurityContext> {
    private final String name;
    private final KeySetFetch fetch;
    private final KeySetEvent.Latest latestEvent = new KeySetEvent.Latest();
    private volatile boolean down;
    private volatile boolean empty;

    RemoteKeySet(String name, KeySetFetch fetch) {
        this.name = name;
        this.fetch = fetch;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long millis, SecurityContext context)
            throws JWKSetUnavailableException {
        try {
            JWKSet set = new JWKSet(JwkReader.read(fetch.get()));
            if (down || set.isEmpty() != empty) {
                latestEvent.put(KeySetEvent.read(name, down ? "can be fetched again" : "was fetched", set.size()));
            }
            down = false;
            empty = set.isEmpty();
            return set;
        } catch (IOException e) {
            if (!down) {
                down = true;
                latestEvent.put(KeySetEvent.failed(name + " cannot be fetched: " + e.getMessage()
                        + "; keys fetched before stay as long as keySetOutageTolerance says"));
            }
            throw new JWKSetRetrievalException(name + " cannot be fetched", e);
        }
    }

    /** Whether the last fetch failed. */
    boolean isDown() {
        return down;
    }

    Optional<KeySetEvent> takeEvent() {
        return latestEvent.take();
    }

    @Override
    public void close() {}
}
