package io.github.robotstream.test;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Makes tokens for tests, signed with a shared secret (HS256). {@link TestBroker#tokens()} makes those of a broker without a verifier of
 * its own; for the application's verifier make one with its secret.
 *
 * <pre>{@code
 * TestTokens tokens = new TestTokens(secret, Clock.systemUTC());
 * test.connect(tokens.of("operator-3"));
 * test.connect(tokens.of("plot", Permissions.none().subscribe("pose")));
 * test.connect(tokens.of("visitor", Permissions.all(), Duration.ofMinutes(5)));
 * }</pre>
 */
public final class TestTokens {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Tokens tokens;
    private final Clock clock;

    /**
     * For one secret.
     *
     * @param secret 32 bytes or more
     * @param clock by which tokens end
     */
    public TestTokens(byte[] secret, Clock clock) {
        this.tokens = new Tokens(secret);
        this.clock = clock;
    }

    /** {@return a token for an hour that says nothing of rights, so that it has those that the verifier gives by itself} */
    public String of(String subject) {
        return signed(claims(subject, LIFETIME));
    }

    /** {@return a token for an hour with these rights} */
    public String of(String subject, Permissions rights) {
        return of(subject, rights, LIFETIME);
    }

    /** {@return a token with these rights that ends after so long; a negative time makes one that has ended} */
    public String of(String subject, Permissions rights, Duration lifetime) {
        JsonObject topics = new JsonObject();
        topics.add("subscribe", names(rights.subscribeFilters()));
        topics.add("publish", names(rights.publishFilters()));
        JsonObject claims = claims(subject, lifetime);
        claims.add("topics", topics);
        return signed(claims);
    }

    private JsonObject claims(String subject, Duration lifetime) {
        JsonObject claims = new JsonObject();
        claims.addProperty("sub", subject);
        claims.addProperty("exp", clock.instant().plus(lifetime).getEpochSecond());
        return claims;
    }

    private static JsonArray names(List<TopicFilter> filters) {
        JsonArray names = new JsonArray();
        filters.forEach(filter -> names.add(filter.toString()));
        return names;
    }

    private String signed(JsonObject claims) {
        return tokens.signed(claims.toString());
    }
}
