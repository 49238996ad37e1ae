package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportCase;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.SocketTestClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every thread of the transport ends, even if the interrupt that tells it to is swallowed by whoever is called on it. */
@Timeout(120)
class LostInterruptTest {
    private static final Duration SHORT = Duration.ofMillis(500); // a held thread makes the closing take all of it

    private final Leftovers leftovers = new Leftovers();
    private final CountDownLatch held = new CountDownLatch(1);
    private final AdmittingListener sessions = new AdmittingListener(connection -> new RecordingSession(connection) {
        @Override
        public void onText(byte[] utf8, long heldNanos) {
            super.onText(utf8, heldNanos);
            swallowInterrupt();
        }

        @Override
        public void onWritable() {
            super.onWritable();
            swallowInterrupt();
        }
    });
    private Transport transport;

    private void swallowInterrupt() {
        held.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException swallowed) {
            // as user code does
        }
    }

    @BeforeEach
    void open() throws Exception {
        transport = TransportKind.SOCKETS.bind(TestSettings.anyPort(), sessions);
    }

    @AfterEach
    void close() {
        transport.close(SHORT);
    }

    @Test
    void theSelectorEnds() throws Exception {
        SocketTestClient client = SocketTestClient.to(transport.address())
                .receiveBuffer(16 * 1024)
                .connect();
        RecordingSession session = sessions.next();
        client.stopReading();
        TransportCase.fill(session);
        client.resumeReading();
        held.await();

        transport.close(SHORT);
        leftovers.awaitNoThread();
    }

    @Test
    void aDecoderEnds() throws Exception {
        SocketTestClient client = SocketTestClient.connect(transport.address());
        client.send("stick");
        held.await();

        transport.close(SHORT);
        leftovers.awaitNoThread();
    }
}
