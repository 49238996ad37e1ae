package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.masked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.TestClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever does wrong, a client or a session, harms nobody else. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(60)
class FaultTest extends TransportCase {

    FaultTest(TransportKind kind) {
        super(kind);
    }

    @Test
    void hostileFramesEndTheirOwnConnectionOnly() throws Exception {
        Transport transport = open();
        TestClient good = connect(transport);
        RecordingSession goodSession = sessions.next();
        Map<byte[], Integer> hostile = Map.of(
                frame(FIN | 3, bytes(1)), 1002,
                bytes(FIN | TEXT, 1, 'a'), 1002,
                frame(FIN | TEXT, bytes(0xff)), 1007,
                head(FIN | TEXT, 1024 * 1024 + 1), 1009,
                head(FIN | TEXT, Long.MAX_VALUE), 1009);

        for (Map.Entry<byte[], Integer> attack : hostile.entrySet()) {
            TestClient client = connect(transport);
            RecordingSession session = sessions.next();
            client.sendRaw(attack.getKey());

            assertThat(client.closeCode()).isEqualTo(attack.getValue());
            assertThat(session.awaitClosed())
                    .startsWith(attack.getValue() + " ")
                    .endsWith(" by us");
        }
        good.send("still here");
        assertThat(goodSession.nextText()).isEqualTo("still here");
        await().atMost(SOON).until(() -> transport.connections() == 1);
    }

    @Test
    void whatAllHaveHalfSentIsBounded() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> changed.halfReceivedBytes = 100_000), sessions);
        TestClient first = connect(transport);
        RecordingSession firstSession = sessions.next();
        TestClient second = connect(transport);
        RecordingSession secondSession = sessions.next();

        first.sendRaw(concat(head(FIN | TEXT, 60_001), masked(new byte[60_000])));
        first.sendRaw(masked(new byte[1])); // all before it is a multiple of the mask's four bytes
        assertThat(firstSession.nextText()).hasSize(60_001);
        second.sendRaw(concat(head(FIN | TEXT, 1_000_000), masked(new byte[200_000])));

        assertThat(second.closeCode()).isEqualTo(CloseCode.OVERLOADED);
        assertThat(secondSession.awaitClosed()).startsWith("1013 overloaded");
    }

    @Test
    void aSessionThatThrowsLosesItsConnectionOnly() throws Exception {
        List<Throwable> faults = List.of(
                new IllegalStateException("a fault of the session"),
                new StackOverflowError("a fault of the session"),
                new OutOfMemoryError("a fault of the session"),
                new AssertionError("a fault of the session"));
        for (Throwable fault : faults) {
            AdmittingListener throwing = new AdmittingListener(connection -> new RecordingSession(connection) {
                @Override
                public void onText(byte[] utf8, long heldNanos) {
                    if (utf8.length == 0) {
                        throwUnchecked(fault);
                    }
                    super.onText(utf8, heldNanos);
                }
            });
            Transport transport = open(TestSettings.anyPort(), throwing);
            TestClient good = connect(transport);
            RecordingSession goodSession = throwing.next();
            TestClient bad = connect(transport);
            RecordingSession badSession = throwing.next();

            bad.send("");

            assertThat(bad.closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
            assertThat(badSession.awaitClosed()).isEqualTo("1011 internal error by us");
            good.send("still here");
            assertThat(goodSession.nextText()).isEqualTo("still here");
        }
    }

    @Test
    void aThrowingOnWritableAndOnClosedHarmNobody() throws Exception {
        AdmittingListener throwing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onWritable() {
                throw new IllegalStateException("a fault of the session");
            }

            @Override
            public void onClosed(int code, String reason, boolean byPeer) {
                super.onClosed(code, reason, byPeer);
                throw new StackOverflowError("a fault of the session");
            }
        });
        Transport transport = open(TestSettings.anyPort(), throwing);
        TestClient client = connect(transport);
        RecordingSession session = throwing.next();
        client.stopReading();
        fill(session);
        client.resumeReading();

        assertThat(client.closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(session.awaitClosed()).isEqualTo("1011 internal error by us");
        await().atMost(SOON).until(() -> transport.connections() == 0);
        TestClient next = connect(transport);
        throwing.next().sendNow("in");
        assertThat(next.next()).isEqualTo("in");
    }

    @Test
    void whatFailsAtTheHandshakeRefusesThatClient() throws Exception {
        Transport transport = open(TestSettings.anyPort(), handshake -> {
            throw new StackOverflowError("a fault of the listener");
        });
        assertThat(requestUpgrade(transport).status()).isEqualTo(500);

        BlockingQueue<Boolean> admitted = new LinkedBlockingQueue<>();
        Transport other = open(
                TestSettings.anyPort(),
                handshake -> admitted.add(handshake.admit(connection -> {
                    throw new IllegalStateException("a fault of the session");
                })));
        assertThat(connect(other).closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(admitted.take()).isFalse();
        await().atMost(SOON).until(() -> other.connections() == 0);
    }

    private static void throwUnchecked(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) fault;
    }
}
