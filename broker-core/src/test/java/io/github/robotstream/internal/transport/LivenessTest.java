package io.github.robotstream.internal.transport;

import static io.github.robotstream.internal.transport.connection.InMemoryTransport.answersNoPings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is still there and who is not, on a clock that the test moves. The limits are the usual: 15 s, 10 s, 30 s, looked at each second. */
class LivenessTest {
    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TestSettings.withoutReadWindow(), sessions);

    private TestClient connect() throws IOException {
        TestClient client = transport.connect();
        answersNoPings(client);
        return client;
    }

    private void pass(int seconds) {
        transport.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void aClientThatIsSilentIsAskedAndThenClosed() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();

        pass(14);
        assertThat(client.pings()).isZero();
        pass(3);
        assertThat(client.pings()).isEqualTo(1);
        pass(9);
        assertThat(session.closed).isEmpty();
        pass(3);

        assertThat(client.closeCode(Duration.ZERO)).isEqualTo(4408);
        assertThat(client.closeReason(Duration.ZERO)).startsWith("silent: ");
        assertThat(session.awaitClosed()).startsWith("4408 silent: ").endsWith(" by us");
        assertThat(client.pings()).isEqualTo(1);
        assertThat(transport.connections()).isZero();
    }

    @Test
    void aClientThatAnswersPingsStays() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        pass(320);

        assertThat(client.pings()).isEqualTo(20); // every 16 seconds, as the limit is 15 and is looked at each second
        assertThat(session.closed).isEmpty();
    }

    @Test
    void whateverComesIsASignOfLifeAndSparesThePing() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        byte[] half = ClientFrames.head(ClientFrames.FIN | ClientFrames.TEXT, 1000);
        client.sendRaw(half);
        for (int i = 0; i < 10; i++) {
            pass(10);
            client.sendRaw(ClientFrames.masked(new byte[4])); // a little more of a message that is not whole
        }

        assertThat(client.pings()).isZero();
        assertThat(session.closed).isEmpty();
    }

    @Test
    void whatIsSentToAClientThatIsGoneDoesNotKeepIt() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        for (int i = 0; i < 30 && session.closed.isEmpty(); i++) {
            session.send("telemetry".getBytes(StandardCharsets.UTF_8));
            pass(1);
        }

        assertThat(session.awaitClosed()).startsWith("4408 silent: ");
        assertThat(client.pings()).isEqualTo(1);
    }

    @Test
    void aSlowClientIsNotSilentWhileItsSocketTakesMore() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        client.stopReading();
        for (int i = 0; i < 12; i++) {
            fill(session);
            pass(10);
            client.resumeReading(); // reads all that there is
            client.stopReading();
        }

        assertThat(session.closed).isEmpty();
        assertThat(client.pings()).isZero();
    }

    @Test
    void thePingsLimitBeginsWhenThePingHasLeft() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        pass(8);
        client.stopReading();
        fill(session);
        pass(20); // it would have been 5 s too late for an answer, had the limit begun with the asking
        assertThat(session.closed).isEmpty();

        client.resumeReading();
        pass(2);
        assertThat(session.closed).isEmpty();
        assertThat(client.pings()).isEqualTo(1);
        pass(8);
        client.sendRaw(ClientFrames.pong());
        pass(8);
        assertThat(session.closed).isEmpty();
    }

    @Test
    void aClientThatReadsNothingIsClosedEvenIfItTalks() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        client.stopReading();
        fill(session);
        for (int i = 0; i < 5; i++) {
            pass(5);
            client.send("I talk and do not listen");
        }
        assertThat(session.closed).isEmpty();
        pass(9); // 30 s, and the second in which it is noticed, and 2 s for the close

        assertThat(session.awaitClosed()).startsWith("4408 stalled: ").endsWith(" by us");
        assertThat(transport.connections()).isZero();
    }

    @Test
    void aClientThatWeDoNotReadIsNotCalledSilent() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        session.connection.pauseReading();
        pass(120);
        assertThat(session.closed).isEmpty();
        int askedAllTheSame = client.pings();
        assertThat(askedAllTheSame).isEqualTo(7); // every 16 seconds: if it has left, writing to it fails

        session.connection.resumeReading();
        pass(17);
        assertThat(client.pings()).isEqualTo(askedAllTheSame + 1);
    }

    @Test
    void noClientIsToBlameForATimeInWhichTheProcessStoodStill() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        pass(17);
        assertThat(client.pings()).isEqualTo(1);
        transport.standStill(Duration.ofMinutes(1));
        pass(1);
        assertThat(session.closed).isEmpty();
        client.sendRaw(ClientFrames.pong()); // it has waited to be read
        pass(10);

        assertThat(session.closed).isEmpty();
    }

    @Test
    void whoIsBeingClosedIsNotAsked() throws Exception {
        TestClient client = connect();
        RecordingSession session = sessions.next();
        pass(14);
        client.stopReading();
        session.connection.close(CloseCode.NORMAL, "");
        pass(5);
        client.resumeReading();

        assertThat(client.pings()).isZero();
        assertThat(session.awaitClosed()).startsWith("1000 ");
    }

    @Test
    void aThousandAreLookedAfterByOneTask() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            clients.add(connect());
        }
        pass(17);
        assertThat(clients).allMatch(client -> client.pings() == 1);
        for (TestClient client : clients.subList(0, 500)) {
            client.sendRaw(ClientFrames.pong());
        }
        pass(14);

        assertThat(transport.connections()).isEqualTo(500);
        clients.subList(0, 500).forEach(TestClient::abort);
        pass(1);
        assertThat(transport.connections()).isZero();
        TestClient late = connect(); // the sweep has ended, and begins again
        pass(17);
        assertThat(late.pings()).isEqualTo(1);
    }

    private static void fill(RecordingSession session) {
        byte[] text = new byte[20_000];
        Arrays.fill(text, (byte) 'x');
        boolean more = true;
        while (more) {
            more = session.send(text);
        }
    }
}
