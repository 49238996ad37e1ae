package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of the transport on sockets show that they go on, and when they do not. */
@Timeout(60)
class WatchedThreadsTest {
    private static final long PATIENCE_NANOS = 2_000_000_000;

    private final CountDownLatch go = new CountDownLatch(1);
    private final AdmittingListener sessions = new AdmittingListener(connection -> new RecordingSession(connection) {
        @Override
        public void onText(byte[] utf8) {
            super.onText(utf8);
            awaitGo();
        }

        @Override
        public void onWritable() {
            super.onWritable();
            awaitGo();
        }
    });
    private Transport transport;

    private void awaitGo() {
        try {
            go.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void open() throws Exception {
        transport = JwsTransport.bind(
                TransportSettings.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/wss"),
                sessions);
    }

    @AfterEach
    void close() {
        go.countDown();
        transport.close(TestClient.SOON);
    }

    private static String name(WatchedThread one) {
        return one.thread().map(Thread::getName).orElse("");
    }

    /** Those that are not at rest, and show the same twice although they have had time to answer. */
    private List<String> standingStill(List<WatchedThread> watched) {
        List<String> names = new ArrayList<>();
        for (WatchedThread one : watched) {
            long before = one.pulse();
            if (before == WatchedThread.AT_REST) {
                continue;
            }
            long until = System.nanoTime() + PATIENCE_NANOS;
            long now = before;
            while (now == before && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(this, 1_000_000);
                now = one.pulse();
            }
            if (now == before) {
                names.add(name(one));
            }
        }
        return names;
    }

    @Test
    void allGoOnAtFirst() {
        List<WatchedThread> watched = transport.watchedThreads();
        assertThat(standingStill(watched)).isEmpty();
        assertThat(watched.stream().map(WatchedThreadsTest::name))
                .containsExactlyInAnyOrder(
                        "robotstream-selector",
                        "robotstream-decoder-0",
                        "robotstream-decoder-1",
                        "robotstream-transport");
    }

    @Test
    void aDecoderThatIsHeldUpStandsStillUntilItGoesOn() throws Exception {
        List<WatchedThread> watched = transport.watchedThreads();
        SocketTestClient client = SocketTestClient.connect(transport.address());
        RecordingSession session = sessions.next();
        client.send("stick");
        session.nextText();

        assertThat(standingStill(watched))
                .hasSize(1)
                .allMatch(name -> name.matches("robotstream-(decoder-[01]|transport)"));
        go.countDown();
        await().untilAsserted(() -> assertThat(standingStill(watched)).isEmpty());
    }

    @Test
    void aSelectorThatIsHeldUpStandsStillUntilItGoesOn() throws Exception {
        List<WatchedThread> watched = transport.watchedThreads();
        SocketTestClient client = SocketTestClient.to(transport.address())
                .receiveBuffer(16 * 1024)
                .connect();
        RecordingSession session = sessions.next();
        client.stopReading();
        TransportCase.fill(session);
        client.resumeReading();
        await().until(() -> session.writable.get() > 0);

        assertThat(standingStill(watched)).containsExactly("robotstream-selector");
        go.countDown();
        await().untilAsserted(() -> assertThat(standingStill(watched)).isEmpty());
    }
}
