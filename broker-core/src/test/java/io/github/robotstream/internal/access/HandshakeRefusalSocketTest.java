package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.BesideAnHonestClient;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Refusals at the handshake, on real sockets, while an honest client talks with robot code. */
@Timeout(120)
class HandshakeRefusalSocketTest extends BesideAnHonestClient {
    private static final int GARBAGE = 10_000;
    private static final long ROOM = 16L << 20;
    private static final int THREADS = 2;

    @Override
    protected BrokerBuilder set(BrokerBuilder builder) {
        return builder.http(http -> http.trustedProxies("127.0.0.1"))
                .limits(limits -> limits.newConnectionsPerAddress(10_000)); // what fails is counted here, not who comes
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aSubprotocolHoldsTheTokenAndIsNotAnswered() throws Exception {
        String token = withToken().substring("/wss?token=".length());
        try (SocketTestClient client = SocketTestClient.to(broker.address())
                .header("Sec-WebSocket-Protocol", "robotstream.v1, bearer." + token)
                .connect()) {
            assertThat(client.answerHead())
                    .contains("\r\nSec-WebSocket-Protocol: robotstream.v1\r\n")
                    .doesNotContain("bearer", token);
        }
    }

    @Test
    void tenThousandGarbageTokensFromAsManyAddressesLeaveNothing() throws Exception {
        requestUpgrade(0, 500);
        long before = used();
        long rounds = witness.rounds();

        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int from = t * GARBAGE / THREADS;
            Thread thread = new Thread(() -> {
                try {
                    requestUpgrade(from, GARBAGE / THREADS);
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        // Kept, the tokens alone would take five times as much.
        assertThat(used() - before).isLessThan(ROOM);
        assertThat(witness.rounds() - rounds).as("rounds meanwhile").isGreaterThan(GARBAGE / 100);
        assertThat(broker.sessions()).hasSize(1);
    }

    /**
     * Each from another address, every second one from one address that fails too often; now and then somebody from there comes
     * with a good token, and gets in.
     */
    private void requestUpgrade(int from, int count) throws IOException {
        InetSocketAddress address = broker.address();
        Random random = new Random(from);
        for (int i = from; i < from + count; i++) {
            String noise = Long.toHexString(random.nextLong()).repeat(500);
            String client = i % 2 == 0 ? "203.0.113.9" : "198.18." + (i >> 8) + "." + (i & 0xff);
            try (TestClient refused = SocketTestClient.to(address)
                    .target("/wss?token=" + noise)
                    .header("X-Forwarded-For", client)
                    .requestUpgrade()) {
                assertThat(refused.status()).isIn(401, 429);
            }
            if (i % 500 == 0) {
                request().header("X-Forwarded-For", "203.0.113.9").connect().close();
            }
        }
    }

    @Test
    void whoFailsTooOftenIsToldWhenToComeBack() throws Exception {
        int status = 401;
        for (int i = 0; i < 200 && status == 401; i++) {
            try (TestClient refused = SocketTestClient.to(broker.address())
                    .target("/wss?token=bad")
                    .header("X-Forwarded-For", "203.0.113.9")
                    .requestUpgrade()) {
                status = refused.status();
                if (status == 429) {
                    assertThat(refused.answerHead()).contains("\r\nRetry-After: 1\r\n");
                }
            }
        }
        assertThat(status).isEqualTo(429);
        assertThat(sink.events()).contains("client_refused");
    }

    @Test
    void whileTheProviderIsDownClientsAreToldToComeBackAndOthersNoticeNothing() throws Exception {
        TokenVerifier verifier = request -> {
            if (request.token().equals(Optional.of("good"))) {
                return ClientPrincipal.of("one", Permissions.all());
            }
            throw new IOException("the provider is down");
        };
        try (RobotStreamBroker robot = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(verifier)
                .logSink(LogSink.none())
                .start()) {
            for (int i = 0; i < 100; i++) {
                try (TestClient waiting = SocketTestClient.to(robot.address())
                        .target("/wss?token=other")
                        .requestUpgrade()) {
                    assertThat(waiting.status()).isEqualTo(503); // and is never counted as a failed attempt
                    assertThat(waiting.answerHead()).contains("\r\nRetry-After: 2\r\n");
                }
            }
            SocketTestClient.to(robot.address())
                    .target("/wss?token=good")
                    .connect()
                    .close();
        }
    }

    @Test
    void aRobotThatRefusesByCloseCodeRefusesClientsThatAreNoBrowsersSoToo() throws Exception {
        try (RobotStreamBroker robot = RobotStreamBroker.builder()
                        .port(0)
                        .tokenVerifier(request -> {
                            throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_EXPIRED, "it is over");
                        })
                        .http(http -> http.refuseByCloseCode())
                        .logSink(LogSink.none())
                        .start();
                TestClient client = SocketTestClient.to(robot.address())
                        .target("/wss?token=old")
                        .requestUpgrade()) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.closeCode()).isEqualTo(CloseCode.UNAUTHORIZED);
        }
    }

    @Test
    void aStrangersPageThatMayNotConnectIsToldByItsStatusToo() throws Exception {
        try (RobotStreamBroker open = RobotStreamBroker.builder()
                        .port(0)
                        .anonymousAccess(Permissions.all())
                        .http(http -> http.refuseByStatus())
                        .logSink(entry -> assertThat(entry.level()).isNotEqualTo(LogEntry.Level.ERROR))
                        .start();
                TestClient stranger = SocketTestClient.to(open.address())
                        .header("Origin", "https://evil.example")
                        .requestUpgrade()) {
            assertThat(stranger.status()).isEqualTo(403);
            assertThat(stranger.answerBody())
                    .isEqualTo("{\"status\":403,\"message\":\"forbidden: origin https://evil.example is not in"
                            + " allowedOrigins\"}\n");
        }
    }
}
