package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What a manual one adds to the contract. */
class InMemoryTransportTest {
    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TestSettings.anyPort(), sessions);

    @Test
    void aClientThatIsJustBeingLetInWhenTheRobotGoesDownIsToldSo() throws Exception {
        BlockingQueue<RecordingSession> made = new LinkedBlockingQueue<>();
        InMemoryTransport transport = InMemoryTransport.manual(
                TestSettings.anyPort(),
                handshake -> handshake.admit(connection -> {
                    RecordingSession session = new RecordingSession(connection);
                    made.add(session);
                    return session;
                }));
        transport.beforeUpgrade(transport::goAway);

        TestClient client = transport.connect();

        assertThat(client.closeCode(Duration.ZERO)).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(made.take().awaitClosed()).isEqualTo("1001 the robot goes down by us");
    }

    @Test
    void everythingIsDoneAtOnce() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.sessions.remove();

        client.send("hello");
        assertThat(session.texts).containsExactly("hello");
        session.sendNow("and back");
        assertThat(client.poll()).contains("and back");
        client.close(1000, "bye");
        assertThat(session.closed).containsExactly("1000 bye by peer");
        assertThat(transport.connections()).isZero();
    }

    @Test
    void timePassesWhenTheTestSaysSo() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.sessions.remove();
        client.stopReading();
        session.connection.close(CloseCode.NORMAL, "");

        transport.advance(Duration.ofMillis(1999));
        assertThat(session.closed).isEmpty();
        transport.advance(Duration.ofMillis(1));
        assertThat(session.closed).containsExactly("1000  by us");
    }

    @Test
    void aCloseThatIsAnsweredEndsAtOnce() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.sessions.remove();

        session.connection.close(CloseCode.NORMAL, "");
        assertThat(client.closeCode()).isEqualTo(1000);

        assertThat(session.closed).containsExactly("1000  by us");
        assertThat(transport.connections()).isZero();
    }

    @Test
    void whoBrokeTheProtocolHasTimeToReadWhy() throws Exception {
        TestClient client = transport.connect();
        client.stopReading();
        client.sendRaw(ClientFrames.frame(ClientFrames.FIN | 3, new byte[1]));
        client.sendRaw(new byte[100_000]); // read and thrown away: closing on unread bytes would reset the connection

        assertThat(transport.connections()).isEqualTo(1);
        client.resumeReading();
        assertThat(client.closeCode()).isEqualTo(1002);
        assertThat(transport.connections()).isZero();
    }
}
