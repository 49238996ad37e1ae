package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a manual one adds to the contract. */
class InMemoryTransportTest {
    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TransportKind.MEMORY.settings(), sessions);

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
}
