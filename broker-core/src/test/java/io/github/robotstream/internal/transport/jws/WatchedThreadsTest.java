package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportCase;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of the transport on sockets show that they go on, and when they do not. */
@Timeout(120)
class WatchedThreadsTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long LEAST_NANOS = 500_000_000;

    private final CountDownLatch go = new CountDownLatch(1);
    private final AdmittingListener sessions = AdmittingListener.whereThreads(this::awaitGo);
    private volatile String held = "";
    private Transport transport;

    private void awaitGo() {
        held = Thread.currentThread().getName();
        try {
            go.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void open() throws Exception {
        transport = TransportKind.SOCKETS.bind(TestSettings.withoutReadWindow(), sessions);
    }

    @AfterEach
    void close() {
        go.countDown();
        transport.close(TestClient.SOON);
    }

    /**
     * Those that show the same all the time and are not at rest. Others have as long as they need to go on, so a machine that is
     * busy with something else makes none of them stand still.
     *
     * @param expected how many there will be
     */
    private List<String> standingStill(int expected) {
        Map<Heartbeat, Long> first = new LinkedHashMap<>();
        transport.watchedThreads().forEach(one -> first.put(one, one.count()));
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PATIENCE_NANOS
                && (first.size() > expected || System.nanoTime() - begin < LEAST_NANOS)
                && !first.isEmpty()) {
            LockSupport.parkNanos(this, 1_000_000);
            first.entrySet().removeIf(one -> goesOn(one.getKey(), one.getValue()));
        }
        return names(first.keySet());
    }

    private static boolean goesOn(Heartbeat one, long before) {
        return before == Heartbeat.AT_REST || one.count() != before;
    }

    private static List<String> names(Collection<Heartbeat> watched) {
        return watched.stream().map(one -> one.thread().getName()).toList();
    }

    @Test
    void allGoOnAtFirst() {
        assertThat(standingStill(0)).isEmpty();
        assertThat(names(transport.watchedThreads()))
                .containsExactlyInAnyOrder(
                        "robotstream-selector",
                        "robotstream-decoder-0",
                        "robotstream-decoder-1",
                        "robotstream-transport");
    }

    @Test
    void aDecoderThatIsHeldUpStandsStillUntilItGoesOn() throws Exception {
        SocketTestClient client = SocketTestClient.connect(transport.address());
        RecordingSession session = sessions.next();
        client.send("stick");
        session.nextText();

        assertThat(standingStill(1))
                .hasSize(1)
                .allMatch(name -> name.matches("robotstream-(decoder-[01]|selector|transport)"));
        go.countDown();
        assertThat(standingStill(0)).isEmpty();
    }

    @Test
    void aThreadThatIsHeldUpWhileItTellsOfRoomStandsStillUntilItGoesOn() throws Exception {
        TestClient client = TransportKind.SOCKETS.connect(transport, "/wss", Map.of());
        RecordingSession session = sessions.next();
        TransportCase.fillAndEmpty(session, client);
        await().atMost(Duration.ofSeconds(30)).until(() -> session.writable.get() > 0);

        // The selector, or the thread for timers if that has found the room first.
        assertThat(held).isIn("robotstream-selector", "robotstream-transport");
        assertThat(standingStill(1)).containsExactly(held);
        go.countDown();
        assertThat(standingStill(0)).isEmpty();
    }

    @Test
    void oneThatHasEndedStandsStillForNobodyAndIsReplacedForTheNextClient() throws Exception {
        Thread selector = transport.watchedThreads().stream()
                .map(Heartbeat::thread)
                .filter(thread -> thread.getName().equals("robotstream-selector"))
                .findFirst()
                .orElseThrow();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            selector.interrupt();
            return !selector.isAlive();
        });

        assertThat(standingStill(0)).isEmpty();
        try (SocketTestClient client = SocketTestClient.connect(transport.address())) {
            client.send("goes on");
            assertThat(sessions.next().nextText()).isEqualTo("goes on");
        }
    }
}
