package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much a client that stalls finds in its socket later: what it took in a tenth of a second before, within limits. */
class SendBufferTest {
    private static final int LEAST = 128 * 1024;
    private static final int LARGE = 100 * 1024;

    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TestSettings.withoutReadWindow(), sessions);
    private TestClient client;
    private RecordingSession session;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        client = transport.connect();
        session = sessions.next();
        transport.advance(Duration.ofSeconds(1)); // the first look
    }

    private void take(int messages) {
        for (int i = 0; i < messages; i++) {
            assertThat(session.send(new byte[LARGE])).isTrue();
        }
    }

    /** What the socket holds when the client stalls; it takes all of it afterwards. */
    private int heldWhenStalled() {
        client.stopReading();
        int sent = 0;
        while (session.send(new byte[LARGE])) {
            sent += LARGE;
        }
        long inSocket = sent - session.connection.unsentBytes();
        client.resumeReading();
        transport.settle();
        return (int) inSocket;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "10, 1", "20, 2", "50, 4", "100, 8", "200, 16", "1000, 16"})
    void itIsWhatTheClientTakesInATenthOfASecond(int messagesInASecond, int times) {
        take(messagesInASecond);
        transport.advance(Duration.ofSeconds(1));
        assertThat(heldWhenStalled()).isBetween(times * LEAST - 1000, times * LEAST);
    }

    @Test
    void aClientThatTakesLittleAgainHasALittleOneAgain() {
        take(100);
        transport.advance(Duration.ofSeconds(1));
        assertThat(heldWhenStalled()).isGreaterThan(7 * LEAST);

        transport.advance(Duration.ofSeconds(2));
        assertThat(heldWhenStalled()).isBetween(LEAST - 1000, LEAST);
    }

    @Test
    void aClientThatStallsKeepsNoLargerOneForWhatComesThen() {
        take(100);
        transport.advance(Duration.ofSeconds(1));
        client.stopReading();
        transport.advance(Duration.ofSeconds(2));
        client.resumeReading();
        assertThat(heldWhenStalled()).isBetween(LEAST - 1000, LEAST);
    }
}
