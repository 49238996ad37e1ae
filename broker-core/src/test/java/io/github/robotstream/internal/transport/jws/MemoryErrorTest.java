package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that is used up for a moment, again and again, takes nothing from a transport that it has afterwards. */
@Timeout(240)
class MemoryErrorTest {
    private static final int CLIENTS = 4;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @TempDir
    Path directory;

    private final AtomicInteger served = new AtomicInteger();
    private volatile boolean enough;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newClientsAreServedAndNoneOfTheOldIsLeft(boolean tls) throws Exception {
        try (ChildJvm server = ChildJvm.start(
                MemoryErrorServer.class, List.of("-Xmx48m", "-XX:+UseSerialGC"), tls ? files() : new String[0])) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) server.value("port"));
            // Once without want of memory: a class that cannot be initialized for want of it never can be.
            untilServed(address, tls).abort();
            server.goOn();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                Thread client = new Thread(() -> comeAndGo(address, tls, number), "test-client-" + i);
                client.start();
                clients.add(client);
            }
            server.value("filled");
            enough = true;
            for (Thread client : clients) {
                client.join();
            }

            SocketTestClient client = untilServed(address, tls);
            server.goOn();

            assertThat(server.value("connections")).as("%s", server.output()).isEqualTo(1);
            assertThat(server.value("sessions")).isEqualTo(1);
            assertThat(server.value("endedTwice")).isZero();
            client.send("still here");
            assertThat(client.next()).isEqualTo("still here");
            server.goOn();
            assertThat(server.value("left")).isZero();
            assertThat(server.exitCode()).isZero();
        }
    }

    /** One that came while the memory was still full may have been cut off. */
    private static SocketTestClient untilServed(InetSocketAddress address, boolean tls) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline) {
            try {
                SocketTestClient client = request(address, tls).connect();
                client.send("hello");
                if (client.next().equals("hello")) {
                    return client;
                }
            } catch (IOException | RuntimeException | AssertionError cutOff) {
                // the next
            }
        }
        throw new AssertionError("nobody is served");
    }

    private void comeAndGo(InetSocketAddress address, boolean tls, int number) {
        for (int i = number; !enough; i++) {
            try {
                SocketTestClient client = request(address, tls).connect();
                try {
                    client.send("x".repeat(1 << i % 16));
                    client.next(Duration.ofMillis(500));
                    served.incrementAndGet();
                    if (i % 3 == 0) {
                        client.close(1000, "");
                        client.awaitEnd(Duration.ofMillis(500));
                    }
                } finally {
                    client.abort();
                }
            } catch (IOException | RuntimeException | AssertionError noMemoryOverThere) {
                // the next one
            }
        }
    }

    private static SocketTestClient.Request request(InetSocketAddress address, boolean tls) {
        SocketTestClient.Request request = SocketTestClient.to(address);
        return tls ? request.through(TestCertificate.SHARED.clientSockets()) : request;
    }

    private String[] files() throws IOException {
        Path certificate = Files.writeString(directory.resolve("it.pem"), TestCertificate.SHARED.certificatePem());
        Path key = Files.writeString(directory.resolve("key.pem"), TestCertificate.SHARED.keyPem());
        return new String[] {certificate.toString(), key.toString()};
    }
}
