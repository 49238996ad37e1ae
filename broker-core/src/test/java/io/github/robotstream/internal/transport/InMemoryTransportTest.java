package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract without sockets, and what a manual one adds. */
class InMemoryTransportTest extends TransportContract {

    @Override
    TransportSettings settings() {
        return InMemoryTransport.settings();
    }

    @Override
    Transport bind(TransportSettings settings, ArrivalListener listener) {
        return InMemoryTransport.threaded(settings, listener);
    }

    @Override
    TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
        return ((InMemoryTransport) transport).connect(target, headers);
    }

    @Test
    void aManualOneDoesEverythingAtOnce() throws Exception {
        InMemoryTransport transport = InMemoryTransport.manual(settings(), sessions);
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
    void aManualOneWaitsForTimeToPass() throws Exception {
        InMemoryTransport transport = InMemoryTransport.manual(settings(), sessions);
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
