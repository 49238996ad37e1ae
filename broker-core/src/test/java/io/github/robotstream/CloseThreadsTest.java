package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.JsonAsItIs;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Standstill;
import io.github.robotstream.testing.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When close returns, no thread of the broker's is alive, whichever it had. */
@Timeout(240)
class CloseThreadsTest {
    private static final int LIVES = 300;
    private static final Duration LIMIT = Duration.ofMillis(500);
    private static final Topic<String> TEXTS = Topic.state("texts", "any", new JsonAsItIs());
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);
    private static final TokenVerifier POOLED =
            request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all());

    private final Leftovers leftovers = new Leftovers();
    private final Semaphore heard = new Semaphore(0);
    private final Standstill standstill = new Standstill();

    @TempDir
    Path directory;

    private BrokerBuilder builder() {
        return builder(POOLED);
    }

    private BrokerBuilder builder(TokenVerifier verifier) {
        return RobotStreamBroker.builder()
                .port(0)
                .closeTimeout(Duration.ofMinutes(1))
                .tokenVerifier(verifier)
                .store(TopicStore.inMemory())
                .logSink(LogSink.none())
                .topic(SPEED, topic -> topic.watchdog(LIMIT, 0.0))
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
        for (int i = 0; i < LIVES / 20; i++) {
            live(builder().tls(TlsSettings.pem(certificate, key)), true);
        }
    }

    /** Closes a broker one of whose threads stands still: waits for it until the time is over. */
    private void waitsFor(String thread, RobotStreamBroker broker) throws InterruptedException {
        standstill.awaitReached();
        long began = System.nanoTime();
        broker.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(LIMIT);
        // The closing one is on its way out too.
        assertThat(leftovers.threads()).contains(thread).isSubsetOf(thread, "robotstream-close");
        standstill.close();
        leftovers.awaitNoThread();
    }

    @Test
    void aVerifierIsWaitedForUntilTheTimeIsOver() throws Exception {
        RobotStreamBroker broker = builder(request -> {
                    standstill.here();
                    return ClientPrincipal.of("late", Permissions.all());
                })
                .closeTimeout(LIMIT)
                .start();
        SocketTestClient.to(broker.address()).requestUpgrade();
        waitsFor("robotstream-verify-1", broker);
    }

    @Test
    void aCodecIsWaitedForUntilTheTimeIsOver() throws Exception {
        RobotStreamBroker broker = builder()
                .closeTimeout(LIMIT)
                .topic(Topic.state("slow", "any", new JsonAsItIs() {
                    @Override
                    public String decode(String json) {
                        standstill.here();
                        return json;
                    }
                }))
                .start();
        SocketTestClient client = SocketTestClient.to(broker.address())
                .target("/wss?token=operator")
                .connect();
        client.send(Requests.publish("slow", "1"));
        waitsFor("robotstream-codec-1", broker);
    }

    @Test
    void theWatchdogIsWaitedForUntilTheTimeIsOver() throws Exception {
        waitsFor(
                "robotstream-watchdog",
                builder()
                        .closeTimeout(LIMIT)
                        .inTest(hooks -> hooks.transports = (settings, tls, listener) -> new NoTransport(standstill))
                        .start());
    }

    private record NoTransport(Standstill deadlock) implements Transport {
        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
        }

        @Override
        public int connections() {
            return 0;
        }

        @Override
        public List<Heartbeat> watchedThreads() {
            deadlock.here();
            return List.of();
        }

        @Override
        public void stopAccepting() {}

        @Override
        public void close(Duration timeout) {}
    }
}
