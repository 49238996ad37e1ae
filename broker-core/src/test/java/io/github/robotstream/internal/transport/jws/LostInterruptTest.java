package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportCase;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import java.util.Map;
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
    private final AdmittingListener sessions = AdmittingListener.whereThreads(this::swallowInterrupt);
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
        TestClient client = TransportKind.SOCKETS.connect(transport, "/wss", Map.of());
        TransportCase.fillAndEmpty(sessions.next(), client);
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
