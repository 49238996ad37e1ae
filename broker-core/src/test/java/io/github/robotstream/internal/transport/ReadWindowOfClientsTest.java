package io.github.robotstream.internal.transport;

import static io.github.robotstream.internal.transport.connection.InMemoryTransport.answersNoPings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.TestClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What clients of all kinds are sent while what they have unread is bounded, on a clock that the test moves. */
class ReadWindowOfClientsTest {
    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private final AdmittingListener sessions = new AdmittingListener();
    private final InMemoryTransport transport = InMemoryTransport.manual(TestSettings.anyPort(), sessions);

    @Test
    void aClientThatKeepsUpGetsEverythingAndAFewPingsASecond() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        for (int second = 0; second < 20; second++) {
            int before = client.pings();
            for (int i = 0; i < 200; i++) {
                String text = second + " " + i + " " + "x".repeat(180);
                session.sendNow(text);
                transport.advance(A_MOMENT);
                assertThat(client.next(Duration.ZERO)).isEqualTo(text);
            }
            assertThat(client.pings() - before).as("in second %d", second).isLessThanOrEqualTo(second < 5 ? 100 : 4);
        }
    }

    @Test
    void aClientToWhichNothingIsSentIsSentNoPings() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        session.sendNow("the last for a while");
        transport.settle();
        int before = client.pings();
        transport.advance(Duration.ofSeconds(10));

        assertThat(client.pings()).isEqualTo(before);
    }

    @Test
    void aBurstOpensTheWindowInAFewRoundTripsAndItStaysOpen() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        int roundTrips = 0;
        for (int i = 0; i < 30_000; i++) {
            if (!session.send(text(200))) {
                roundTrips++;
                transport.settle();
                session.sendNow("x".repeat(200));
            }
        }
        assertThat(roundTrips).isLessThanOrEqualTo(13);

        int before = client.pings();
        for (int i = 0; i < 1000; i++) {
            session.sendNow("x".repeat(200));
            transport.advance(A_MOMENT);
        }
        assertThat(client.pings() - before).isBetween(8, 12); // in 5 s
    }

    @Test
    void messagesLargerThanTheWindowOpenItToTheirSize() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        session.sendNow("x".repeat(100_000));
        assertThat(session.send(text(100_000))).isFalse();
        transport.settle();
        session.sendNow("x".repeat(100_000));
        session.sendNow("x".repeat(90_000));

        assertThat(client.next(Duration.ZERO)).hasSize(100_000);
    }

    @Test
    void aClientThatStopsReadingIsSentNoMoreAndGoesOnWhereItStopped() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        session.sendNow("read");
        transport.settle();
        client.stopReading();
        int unread = 0;
        while (session.send(text(100))) {
            unread++;
        }
        assertThat(unread).isBetween(50, 100); // 8 KiB
        assertThat(session.connection.unsentBytes()).isZero();
        transport.advance(Duration.ofSeconds(5));
        assertThat(session.writable).hasValue(0);

        client.resumeReading();
        assertThat(session.writable).hasValue(1);
        session.sendNow("and on");
    }

    @Test
    void aClientThatHasAnsweredAndReadsNoMoreIsClosedEvenIfItTalks() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        session.sendNow("read");
        transport.settle();
        client.stopReading();
        while (session.send(text(100))) {}
        for (int i = 0; i < 5; i++) {
            transport.advance(Duration.ofSeconds(5));
            client.send("I talk and do not listen");
        }
        assertThat(session.closed).isEmpty();
        transport.advance(Duration.ofSeconds(9));

        assertThat(session.awaitClosed()).startsWith("4408 stalled: ");
    }

    @Test
    void aClientWithoutPongsIsServedAllTheSame() throws Exception {
        TestClient client = transport.connect();
        answersNoPings(client);
        RecordingSession session = sessions.next();
        int sent = 0;
        for (int second = 0; second < 6; second++) {
            if (session.writable.get() == second) { // none is told of before it is asked for
                while (sent < 100_000 && session.send(text(100))) {
                    sent++;
                }
            }
            transport.advance(Duration.ofSeconds(1));
        }
        assertThat(sent).isEqualTo(100_000);
        assertThat(client.pings()).isLessThanOrEqualTo(8);
    }

    @Test
    void aClientThatIsNotReadIsHeldBackByNothing() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        while (session.send(text(100))) {}
        assertThat(session.writable).hasValue(0);
        session.connection.pauseReading();
        assertThat(session.writable).hasValue(1);
        for (int i = 0; i < 1000; i++) {
            session.sendNow("what its next request waits for");
        }
        session.connection.resumeReading();
        transport.settle();
        session.sendNow("and on");
        assertThat(client.next(Duration.ZERO)).startsWith("x");
    }

    @Test
    void pongsThatAnswerNoMarkAreChargedAndOpenNothing() throws Exception {
        TestClient client = transport.connect();
        answersNoPings(client);
        RecordingSession session = sessions.next();
        while (session.send(text(100))) {}
        for (long number : new long[] {-1, 100, 1000, Long.MIN_VALUE, Long.MAX_VALUE}) {
            client.sendRaw(pong(number));
        }
        client.sendRaw(ClientFrames.pong());
        assertThat(session.controlBytes).hasValue(5 * Long.BYTES);
        assertThat(session.send(text(100))).isFalse();

        client.sendRaw(pong(0));
        assertThat(session.controlBytes).hasValue(5 * Long.BYTES);
        client.sendRaw(pong(0));
        assertThat(session.controlBytes).hasValue(6 * Long.BYTES);
    }

    @Test
    void aClientThatAnswersWhatItHasNotReadHasItsSocketFilledAndHoldsOneLane() throws Exception {
        TestClient client = transport.connect();
        RecordingSession session = sessions.next();
        client.stopReading();
        for (long mark = 0; mark < 10_000; mark++) {
            while (session.send(text(1000))) {}
            client.sendRaw(pong(mark));
        }
        assertThat(session.connection.unsentBytes()).isPositive().isLessThanOrEqualTo(Connection.LANE_BYTES);

        TestClient honest = transport.connect();
        sessions.next().sendNow("fresh");
        assertThat(honest.next(Duration.ZERO)).isEqualTo("fresh");
    }

    private static byte[] pong(long mark) {
        return ClientFrames.pong(ByteBuffer.allocate(Long.BYTES).putLong(mark).array());
    }

    private static byte[] text(int length) {
        return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    }
}
