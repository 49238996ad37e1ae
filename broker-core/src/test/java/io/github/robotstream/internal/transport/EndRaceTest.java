package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.testing.TestClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends a connection at the same moment as whom: its session is told once, and nothing after it. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(120)
class EndRaceTest extends TransportCase {
    private static final int RACES = 150;
    private static final int RACERS = 3;

    private final ExecutorService racers = Executors.newFixedThreadPool(RACERS);

    EndRaceTest(TransportKind kind) {
        super(kind);
    }

    @AfterEach
    void endRacers() {
        racers.shutdownNow();
    }

    private static Runnable cause(int kind, TestClient client, RecordingSession session) {
        return switch (kind) {
            case 0 -> client::abort;
            case 1 -> () -> client.close(1000, "enough");
            case 2 -> () -> client.sendRaw(new byte[] {(byte) 0xf1, 0}); // reserved bits
            case 3 -> () -> session.connection.close(CloseCode.FORBIDDEN, "bye");
            case 4 -> () -> session.connection.close(CloseCode.TIMED_OUT, "silent");
            case 5 -> session.connection::pauseReading;
            case 6 -> () -> session.send(numbered(0));
            default -> () -> client.send("a message meanwhile");
        };
    }

    private void race(Random random, TestClient client, RecordingSession session) throws Exception {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            Runnable cause = cause(i == 0 ? random.nextInt(5) : random.nextInt(8), client, session);
            all.add(racers.submit(() -> {
                start.await(10, TimeUnit.SECONDS);
                try {
                    cause.run();
                } catch (UncheckedIOException goneAlready) {
                    // one of the others was quicker
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theEndIsToldOnceWhateverBringsItAbout() throws Exception {
        Random random = new Random(17);
        Transport transport = open();
        List<RecordingSession> over = new ArrayList<>();
        for (int i = 0; i < RACES; i++) {
            TestClient client = connect(transport);
            RecordingSession session = sessions.next();
            race(random, client, session);
            over.add(session);
            client.abort();
            session.connection.resumeReading(); // who does not read does not see the end either
        }

        for (RecordingSession session : over) {
            session.awaitClosed();
        }
        await().atMost(SOON).until(() -> transport.connections() == 0);
        transport.close(SOON);
        assertThat(over).allSatisfy(session -> {
            assertThat(session.closed).isEmpty();
            assertThat(session.faults).isEmpty();
        });
    }

    @Test
    void theEndIsToldOnceWhileEverythingEnds() throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < 8; round++) {
            Transport transport = open();
            List<TestClient> clients = new ArrayList<>();
            List<RecordingSession> theirs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(connect(transport));
                theirs.add(sessions.next());
            }
            Future<?> closing = racers.submit(() -> transport.close(SOON));
            for (int i = 0; i < 10; i++) {
                try {
                    cause(random.nextInt(8), clients.get(i), theirs.get(i)).run();
                } catch (UncheckedIOException goneAlready) {
                    // the close was quicker
                }
            }
            closing.get(60, TimeUnit.SECONDS);

            for (RecordingSession session : theirs) {
                assertThat(session.closed).hasSize(1); // before close returned
                session.awaitClosed();
            }
        }
    }
}
