package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Standstill;
import io.github.robotstream.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When close returns, no thread of the broker's is alive, whichever it had. */
@Timeout(240)
class CloseThreadsTest {
    private static final int LIVES = 300;
    private static final Topic<String> TEXTS = Topic.of("texts", "any", String.class, new OwnCodec());
    private static final TokenVerifier POOLED =
            request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all());

    private final Leftovers leftovers = new Leftovers();
    private final Semaphore heard = new Semaphore(0);

    @TempDir
    Path directory;

    /** One that is not the library's own, so that it is asked on a thread for that. */
    private static final class OwnCodec implements TopicCodec<String> {
        @Override
        public String encode(String value) {
            return value;
        }

        @Override
        public String decode(String json) {
            return json;
        }
    }

    private BrokerBuilder builder() {
        return RobotStreamBroker.builder()
                .port(0)
                .closeTimeout(Duration.ofMinutes(1))
                .tokenVerifier(POOLED)
                .store(TopicStore.inMemory())
                .logSink(LogSink.none())
                .subscribe(TEXTS, text -> heard.release());
    }

    /** Every thread that the broker may have has had something to do. */
    private void live(BrokerBuilder builder, boolean tls) throws Exception {
        RobotStreamBroker broker = builder.start();
        SocketTestClient.Request request = SocketTestClient.to(broker.address()).target("/wss?token=operator");
        SocketTestClient client = (tls ? request.through(TestCertificate.SHARED.clientSockets()) : request).connect();
        client.send(Requests.publish("texts", "1", 1));
        assertThat(client.next()).contains("\"ack\"");
        heard.acquire();
        broker.close();
        assertThat(leftovers.threads()).isEmpty();
    }

    @Test
    void inHundredsOfLives() throws Exception {
        for (int i = 0; i < LIVES; i++) {
            live(i % 2 == 0 ? builder() : builder().callbackExecutor(Runnable::run), false);
        }
    }

    @Test
    void inLivesWithTlsFromFiles() throws Exception {
        Path certificate = Files.writeString(directory.resolve("it.pem"), TestCertificate.SHARED.certificatePem());
        Path key = Files.writeString(directory.resolve("key.pem"), TestCertificate.SHARED.keyPem());
        for (int i = 0; i < LIVES / 10; i++) {
            live(builder().tls(TlsSettings.pem(certificate, key)), true);
        }
    }

    @Test
    void oneThatStandsStillIsWaitedForUntilTheTimeIsOver() throws Exception {
        Duration limit = Duration.ofMillis(500);
        try (Standstill standstill = new Standstill()) {
            RobotStreamBroker broker = builder()
                    .closeTimeout(limit)
                    .tokenVerifier(request -> {
                        standstill.here();
                        return ClientPrincipal.of("late", Permissions.all());
                    })
                    .start();
            SocketTestClient.to(broker.address()).knock();
            standstill.awaitReached();
            long began = System.nanoTime();
            broker.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(limit);
            // The closing one is on its way out too.
            assertThat(leftovers.threads())
                    .contains("robotstream-verify-1")
                    .isSubsetOf("robotstream-close", "robotstream-verify-1");
        }
        leftovers.awaitNoThread();
    }
}
