package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.testing.TestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who was refused by an HTTP answer and does not leave is let talk for a second or 256 KiB, and then cut off. */
@Timeout(60)
class RefusedTalkerTest {
    private static final int MOST = 256 * 1024;
    /** What the buffers of both sockets may hold beside it. */
    private static final int BUFFERS = 16 * 1024 * 1024;

    private static final Refusal EXPIRED = new Refusal(401, CloseCode.UNAUTHORIZED, "token_expired: get a new one");

    private final InMemoryTransport memory = InMemoryTransport.manual(
            TestSettings.anyPort(changed -> changed.closeHandshakeTimeout = Duration.ofHours(1)), handshake -> {
                held = handshake;
            });
    private Handshake held;

    /** A client that does not see the answer, and so does not leave. */
    private TestClient refusedInMemory() throws Exception {
        TestClient client = memory.requestUpgrade("/wss", Map.of());
        client.stopReading();
        held.refuse(EXPIRED);
        memory.settle();
        assertThat(memory.connections()).isEqualTo(1);
        return client;
    }

    @Test
    void whoSaysNothingIsCutOffAfterASecond() throws Exception {
        refusedInMemory();
        memory.advance(Duration.ofMillis(999));
        assertThat(memory.connections()).isEqualTo(1);

        memory.advance(Duration.ofMillis(1));

        assertThat(memory.connections()).isZero();
    }

    @Test
    void whoTalksOnIsCutOffAfter256KiB() throws Exception {
        TestClient client = refusedInMemory();
        for (int i = 0; i < 8; i++) {
            client.sendRaw(new byte[MOST / 8]);
            memory.advance(Duration.ofMillis(100));
        }
        assertThat(memory.connections()).isEqualTo(1);

        client.sendRaw(new byte[1]);
        memory.settle();

        assertThat(memory.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKETS", "TLS"})
    void whoTalksOnWithoutEndFindsTheSocketClosed(TransportKind kind) throws Exception {
        Settings settings = TestSettings.anyPort(changed -> changed.closeHandshakeTimeout = Duration.ofHours(1));
        Transport transport = kind.bind(settings, handshake -> handshake.refuse(EXPIRED));
        AtomicLong sent = new AtomicLong();
        try (TestClient client = kind.requestUpgrade(transport, "/wss", Map.of())) {
            client.stopReading();
            Thread talker = new Thread(() -> talk(client, sent), "test-talker");
            talker.setDaemon(true);
            talker.start();

            await().atMost(TestClient.SOON).until(() -> transport.connections() == 0);
            talker.join(TestClient.SOON.toMillis());
            assertThat(talker.isAlive()).as("it still talks").isFalse();
            assertThat(sent.get()).isLessThan(MOST + BUFFERS);
        } finally {
            transport.close(TestClient.SOON);
        }
    }

    private static void talk(TestClient client, AtomicLong sent) {
        byte[] piece = new byte[8 * 1024];
        try {
            while (true) {
                client.sendRaw(piece);
                sent.addAndGet(piece.length);
            }
        } catch (UncheckedIOException closed) {
            // as it should be
        }
    }
}
