package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.masked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a connection, and of the transport, from either side. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(60)
class ClosingTest extends TransportCase {

    ClosingTest(TransportKind kind) {
        super(kind);
    }

    @Test
    void closingSendsWhatWasTakenAndThenTheReason() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        int taken = fill(session);

        session.connection.close(CloseCode.FORBIDDEN, "bye");
        session.connection.close(CloseCode.NORMAL, "only the first counts");
        assertThat(session.send(numbered(0))).isFalse();

        client.resumeReading();
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
        assertThat(client.closeCode()).isEqualTo(4403);
        assertThat(client.closeReason()).isEqualTo("bye");
        assertThat(session.awaitClosed()).isEqualTo("4403 bye by us");
        assertThat(session.writable).hasValue(0);
    }

    @Test
    void aClientThatDoesNotReadTheCloseFrameIsCutOff() throws Exception {
        Transport transport =
                open(TestSettings.anyPort(changed -> changed.closeHandshakeTimeout = Duration.ofMillis(300)), sessions);
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();
        client.stopReading();
        fill(session);

        session.connection.close(CloseCode.TIMED_OUT, "no sign of life");

        assertThat(session.awaitClosed()).isEqualTo("4408 no sign of life by us");
        assertThat(session.connection.unsentBytes()).isZero();
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aClientThatGoesOnSendingInsteadOfAnAnswerIsCutOffBeforeTheTimeIsOver() throws Exception {
        Transport transport =
                open(TestSettings.anyPort(changed -> changed.closeHandshakeTimeout = Duration.ofHours(1)), sessions);
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        client.stopReading(); // it does not see our close frame, and does not answer it
        session.connection.close(CloseCode.POLICY_VIOLATION, "enough");
        String text = "x".repeat(60_000);
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> {
                    boolean isOver = transport.connections() == 0;
                    if (!isOver) {
                        client.send(text);
                    }
                    return isOver;
                });
        assertThat(session.texts).isEmpty();
        assertThat(session.awaitClosed()).isEqualTo("1008 enough by us");
    }

    @Test
    void aCodeThatMayNotBeSentIsRefused() throws Exception {
        connect(open());
        RecordingSession session = sessions.next();

        assertThatThrownBy(() -> session.connection.close(1006, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1006");
    }

    @Test
    void aClientThatClosesIsAnsweredAndItsMessagesCount() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        client.send("last words");
        client.close(4321, "enough");

        assertThat(session.nextText()).isEqualTo("last words");
        assertThat(session.awaitClosed()).isEqualTo("4321 enough by peer");
        assertThat(client.closeCode()).isEqualTo(4321);
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aCloseFrameWithoutACodeIsAnsweredInKind() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();

        client.sendRaw(frame(FIN | ClientFrames.CLOSE, bytes()));

        assertThat(session.awaitClosed()).isEqualTo("1005  by peer");
        assertThat(client.closeCode()).isEqualTo(1005);
    }

    @Test
    void aClientThatDiesInTheMiddleOfAFrameEndsOnce() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        client.send("whole");
        client.sendRaw(concat(head(FIN | TEXT, 1000), masked(new byte[10])));
        assertThat(session.nextText()).isEqualTo("whole");
        client.abort();

        assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
        await().atMost(SOON).until(() -> transport.connections() == 0);
        session.connection.close(CloseCode.NORMAL, "");
        assertThat(session.closed).isEmpty();
    }

    @Test
    void aPausedConnectionCanBeClosed() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        session.connection.pauseReading();

        session.connection.close(CloseCode.NORMAL, "");

        assertThat(client.closeCode()).isEqualTo(1000);
        assertThat(session.awaitClosed()).isEqualTo("1000  by us");
    }

    @Test
    void closingTheTransportTellsEverybody() throws Exception {
        Transport transport = open();
        List<TestClient> all = List.of(connect(transport), connect(transport), connect(transport));
        List<RecordingSession> theirs = List.of(sessions.next(), sessions.next(), sessions.next());
        theirs.get(0).sendNow("before");

        transport.close(SOON);

        for (int i = 0; i < 3; i++) {
            assertThat(theirs.get(i).closed).hasSize(1); // already, when close has returned
            assertThat(theirs.get(i).awaitClosed()).startsWith("1001 ");
            assertThat(all.get(i).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
        assertThat(all.stream().map(TestClient::poll).flatMap(Optional::stream)).containsExactly("before");
        assertThat(transport.connections()).isZero();
        transport.close(SOON);
    }

    @Test
    void closingDoesNotWaitForThoseThatDoNotAnswer() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        TestClient stalled = requestUpgrade(transport);
        RecordingSession session = handshakes.admit(handshakes.next());
        stalled.stopReading();
        fill(session);
        TestClient waiting = requestUpgrade(transport);
        handshakes.next();

        long before = System.nanoTime();
        transport.close(Duration.ofMillis(1500));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
        assertThat(session.closed).hasSize(1);
        assertThat(waiting.status()).isEqualTo(503);
        assertThat(transport.connections()).isZero();
    }

    @Test
    void whoIsInStaysWhenNoMoreIsAccepted() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        transport.stopAccepting();
        transport.stopAccepting();

        assertThatThrownBy(() -> connect(transport)).isInstanceOf(IOException.class);
        session.sendNow("still here");
        assertThat(client.next()).isEqualTo("still here");
    }
}
