package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages on an open connection, both ways. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(60)
class TrafficTest extends TransportCase {

    TrafficTest(TransportKind kind) {
        super(kind);
    }

    @Test
    void messagesArriveInOrderBothWays() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        for (int i = 0; i < 1000; i++) {
            client.send("in " + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(session.nextText()).isEqualTo("in " + i);
        }
        for (int i = 0; i < 1000; i++) {
            session.sendNow("out " + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(client.next()).isEqualTo("out " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1024 * 1024})
    void messagesOfAnySizeArriveWhole(int size) throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        String text = "x".repeat(size);

        client.send(text);
        assertThat(session.nextText()).isEqualTo(text);
        session.sendNow(text);
        assertThat(client.next()).isEqualTo(text);
    }

    @Test
    void aReaderThatStopsCostsOneLaneAndIsToldOfOnceWhenItReadsAgain() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();

        int taken = fill(session);
        assertThat(session.connection.unsentBytes()).isPositive().isLessThanOrEqualTo(Connection.LANE_BYTES);
        for (int i = 0; i < 10; i++) {
            assertThat(session.send(numbered(taken))).isFalse();
        }
        assertThat(session.writable).hasValue(0);

        client.resumeReading();
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(session.writable).hasValue(1));
        assertThat(session.connection.unsentBytes()).isZero();
        session.sendNow("and on");
        assertThat(client.next()).isEqualTo("and on");
        assertThat(session.writable).hasValue(1);
    }

    @Test
    void aMessageLargerThanTheLaneIsTakenAlone() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        byte[] large = "x".repeat(2 * 1024 * 1024).getBytes(StandardCharsets.UTF_8);

        assertThat(session.send(large)).isTrue();
        assertThat(session.send(numbered(0))).isFalse();

        client.resumeReading();
        assertThat(client.next()).hasSize(large.length);
        await().atMost(SOON).untilAsserted(() -> assertThat(session.writable).hasValue(1));
    }

    @Test
    void theSocketOfAClientThatTakesMuchHoldsMore() throws Exception {
        Settings small =
                TestSettings.anyPort(changed -> changed.socketBufferBytes = 16 * 1024); // many systems allow 208 KiB
        TestClient client = connect(open(small, sessions));
        RecordingSession session = sessions.next();
        int before = takenWhileStalled(client, session);

        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> takenWhileStalled(client, session) > 2 * before);
    }

    private static int takenWhileStalled(TestClient client, RecordingSession session) throws Exception {
        client.stopReading();
        int taken = fill(session);
        client.resumeReading();
        for (int i = 0; i < taken; i++) {
            client.next();
        }
        return taken;
    }

    @Test
    void pausingStopsAtTheNextMessageAndGoesOnThere() throws Exception {
        AdmittingListener pausing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8, long heldNanos) {
                connection.pauseReading();
                super.onText(utf8, heldNanos);
            }
        });
        TestClient client = connect(open(TestSettings.anyPort(), pausing));
        RecordingSession session = pausing.next();
        client.sendRaw(concat(ClientFrames.text("0"), ClientFrames.text("1"), ClientFrames.text("2")));
        for (int i = 3; i < 100; i++) {
            client.send("" + i);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(session.nextText()).isEqualTo("" + i);
            assertThat(session.texts).isEmpty();
            session.connection.resumeReading();
            client.poll();
        }
    }

    @Test
    void aPingIsAnsweredWithItsPayload() throws Exception {
        TestClient client = connect(open());

        client.sendRaw(ClientFrames.ping("still there?"));

        assertThat(client.nextPong(SOON)).isEqualTo("still there?");
    }

    @Test
    void pingsOfAClientThatDoesNotReadCostOnePong() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        int taken = fill(session);
        for (int i = 0; i < 5000; i++) {
            client.sendRaw(ClientFrames.ping("ping " + i));
        }
        client.send("done");
        assertThat(session.nextText()).isEqualTo("done");

        client.resumeReading();
        assertThat(client.nextPong(SOON)).isEqualTo("ping 4999");
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
    }

    @Test
    void nothingIsDeliveredOnceTheSessionHasClosed() throws Exception {
        AdmittingListener closing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8, long heldNanos) {
                super.onText(utf8, heldNanos);
                connection.close(CloseCode.NORMAL, "enough");
            }
        });
        TestClient client = connect(open(TestSettings.anyPort(), closing));
        RecordingSession session = closing.next();

        client.sendRaw(concat(ClientFrames.text("a"), ClientFrames.text("b"), ClientFrames.text("c")));

        assertThat(session.awaitClosed()).isEqualTo("1000 enough by us");
        assertThat(session.texts).containsExactly("a");
    }
}
