package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a client is let talk on to whom the last word was said, on a clock that the test moves. */
class LingerTest {
    private static final int MESSAGE_BYTES = 1024 * 1024;

    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TestSettings.anyPort(), sessions);
    private TestClient client;

    @BeforeEach
    void breakTheRules() throws Exception {
        client = transport.connect();
        client.stopReading(); // so it does not see that it ought to leave
        client.sendRaw(new byte[] {(byte) 0xf1, 0}); // reserved bits
    }

    @Test
    void aClientThatDoesNotLeaveIsCutOffAfterASecond() throws Exception {
        transport.advance(Duration.ofMillis(999));
        assertThat(transport.connections()).isEqualTo(1);
        transport.advance(Duration.ofMillis(1));

        assertThat(transport.connections()).isZero();
        assertThat(sessions.next().awaitClosed()).startsWith("1002 ");
    }

    @Test
    void aClientThatTalksOnIsCutOffAfterTwoLargestMessages() {
        for (int i = 0; i < 16; i++) {
            client.sendRaw(new byte[MESSAGE_BYTES / 8]);
            transport.advance(Duration.ofMillis(50));
        }
        assertThat(transport.connections()).isEqualTo(1);
        client.sendRaw(new byte[1]);

        assertThat(transport.connections()).isZero();
    }

    @Test
    void aClientThatTalksOnIsReadALittleAtATime() {
        for (int i = 0; i < 17; i++) {
            client.sendRaw(new byte[MESSAGE_BYTES / 8]); // more than two largest messages, all on their way
        }
        transport.advance(Duration.ofMillis(499));
        assertThat(transport.connections()).isEqualTo(1);
        transport.advance(Duration.ofMillis(1));

        assertThat(transport.connections()).isZero();
    }
}
