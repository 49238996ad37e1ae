package io.github.robotstream.test;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.jwt.JwtKey;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A broker for tests of robot code. It has no port and no thread of its own: what robot code and clients publish is routed in {@link
 * #settle()}, and time passes in {@link #advance} only, also for ages, watchdogs, leases and the ends of tokens.
 *
 * <pre>{@code
 * try (TestBroker test = TestBroker.start()) {
 *     test.broker().publish(battery, 25.1);
 *     test.settle();
 *     assertEquals(25.1, test.broker().latest(battery).orElseThrow());
 * }
 * }</pre>
 *
 * <p>To be used by the test's thread; the broker itself by any. It works on the class path, not on the module path.
 */
public final class TestBroker implements AutoCloseable {
    private static final long PAUSE_NANOS = 100_000;
    /** What one round brings about, the next one carries on: an answer to a client, and what the client says to that. */
    private static final int QUIET_ROUNDS = 3;
    /** Beyond it the transport does nothing new. */
    private static final Duration LONGEST_TRANSPORT_STEP = Duration.ofHours(1);

    private static final byte[] SECRET = "the secret of tests, 32 bytes long".getBytes(StandardCharsets.US_ASCII);

    /** How long listeners, codecs, verifiers and stores of the application's may take, by the real clock. */
    Duration patience = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock().setWall(Instant.now());
    private final TestTokens tokens = new TestTokens(SECRET, clock());
    private final boolean needsToken;
    private final RobotStreamBroker broker;
    private InMemoryTransport transport;
    private String path = "";

    private TestBroker(BrokerBuilder builder) throws IOException {
        needsToken = !TestHooks.saysWhoGetsIn(builder);
        TestHooks.reachable(
                builder,
                JwtTokenVerifier.builder()
                        .key(JwtKey.hmac(SECRET))
                        .clock(clock())
                        .skew(Duration.ZERO)
                        .build());
        TestHooks.clock(builder, clock);
        TestHooks.stepped(builder);
        TestHooks.transports(builder, (settings, tls, listener) -> {
            path = settings.path;
            transport = InMemoryTransport.manual(settings, listener);
            return transport;
        });
        broker = builder.start();
        settle();
    }

    /** Starts a broker without settings of its own. */
    public static TestBroker start() {
        return start(RobotStreamBroker.builder());
    }

    /**
     * Starts a broker with the application's settings: topics, listeners, verifier, store, limits. Where it listens is not used. If nothing
     * is said of who gets in, those do who have one of {@link #tokens}.
     *
     * @throws UncheckedIOException if the store cannot be opened
     */
    public static TestBroker start(BrokerBuilder settings) {
        try {
            return new TestBroker(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the broker, for the robot code that is tested} */
    public RobotStreamBroker broker() {
        return broker;
    }

    /** {@return the wall clock of this broker, for verifiers and robot code; it shows the time of the start until {@link #advance}} */
    public Clock clock() {
        return new WallClock(clock, ZoneOffset.UTC);
    }

    /** {@return who makes tokens that this broker takes, unless the application's settings say who gets in} */
    public TestTokens tokens() {
        return tokens;
    }

    /**
     * A client that may do what the application's clients may: with a token of its own, or without one if settings say who gets in.
     *
     * @throws AssertionError if it is refused
     */
    public MemoryClient connect() {
        return admitted(request(needsToken ? Optional.of(tokens.of("test")) : Optional.empty()));
    }

    /**
     * A client with a token.
     *
     * @throws AssertionError if it is refused, with the broker's answer
     */
    public MemoryClient connect(String token) {
        return admitted(request(Optional.of(token)));
    }

    /** {@return the HTTP status by which a client with this token is refused, 401 for instance; 101 if it is let in} It is gone then. */
    public int handshakeStatus(String token) {
        TestClient client = request(Optional.of(token));
        int status = client.status();
        client.abort();
        settle();
        return status;
    }

    private MemoryClient admitted(TestClient client) {
        if (client.status() != 101) {
            throw new AssertionError("the client was refused: "
                    + client.answerHead().lines().findFirst().orElse("") + " " + client.answerBody());
        }
        return new MemoryClient(this, client);
    }

    private TestClient request(Optional<String> token) {
        try {
            String target = path + token.map(text -> "?token=" + text).orElse("");
            TestClient client = transport.requestUpgrade(target, Map.of());
            settle();
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets everything happen that is under way: what was published before, by robot code and by clients, is routed, clients that read have
     * it, and listeners have returned.
     *
     * @throws AssertionError if a listener, codec, verifier or store of the application's takes longer than 10 real seconds
     */
    public TestBroker settle() {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int quiet = 0; quiet < QUIET_ROUNDS; ) {
            boolean worked = work();
            boolean idle = TestHooks.isIdle(broker);
            quiet = idle && !worked ? quiet + 1 : 0;
            if (!idle) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not settled within " + patience.toMillis()
                            + " ms: a listener, a codec, the token verifier or the store still runs");
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
        return this;
    }

    /** Does what transport and broker thread would do now; whether there was something for the latter. */
    private boolean work() {
        transport.settle();
        boolean worked = false;
        boolean more = true;
        while (more) {
            more = TestHooks.step(broker);
            worked |= more;
        }
        transport.settle();
        return worked;
    }

    /** Settles, lets so much time go by for everybody at once, and settles again. */
    public TestBroker advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time is " + time + ": it goes forward only");
        }
        settle();
        clock.advance(time);
        transport.advance(time.compareTo(LONGEST_TRANSPORT_STEP) < 0 ? time : LONGEST_TRANSPORT_STEP);
        return settle();
    }

    /** Closes the broker. */
    @Override
    public void close() {
        broker.close();
    }

    private static final class WallClock extends Clock {
        private final ManualClock clock;
        private final ZoneId zone;

        WallClock(ManualClock clock, ZoneId zone) {
            this.clock = clock;
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new WallClock(clock, other);
        }

        @Override
        public Instant instant() {
            return clock.now();
        }
    }
}
