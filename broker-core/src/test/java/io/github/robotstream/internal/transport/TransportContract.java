package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.masked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.HttpRefused;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session may rely on, whatever carries the bytes. */
@Timeout(60)
abstract class TransportContract {
    private static final Duration SOON = TestClient.SOON;

    private final List<Transport> opened = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();
    final AdmittingListener sessions = new AdmittingListener();

    abstract TransportSettings settings();

    abstract Transport bind(TransportSettings settings, ArrivalListener listener) throws IOException;

    abstract TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException;

    final Transport open(TransportSettings settings, ArrivalListener listener) throws IOException {
        Transport transport = bind(settings, listener);
        opened.add(transport);
        return transport;
    }

    final Transport open() throws IOException {
        return open(settings(), sessions);
    }

    final TestClient connect(Transport transport) throws IOException {
        TestClient client = connect(transport, "/wss?token=secret", Map.of());
        clients.add(client);
        return client;
    }

    @AfterEach
    void endAll() {
        clients.forEach(TestClient::abort);
        opened.forEach(transport -> transport.close(SOON));
    }

    @Test
    void messagesArriveInOrderBothWays() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        for (int i = 0; i < 1000; i++) {
            client.send("in " + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(session.nextText()).isEqualTo("in " + i);
        }
        for (int i = 0; i < 1000; i++) {
            session.sendNow("out " + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(client.next()).isEqualTo("out " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1024 * 1024})
    void messagesOfAnySizeArriveWhole(int size) throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        String text = "x".repeat(size);

        client.send(text);
        assertThat(session.nextText()).isEqualTo(text);
        session.sendNow(text);
        assertThat(client.next()).isEqualTo(text);
    }

    @Test
    void aReaderThatStopsCostsOneLaneAndIsToldOfOnceWhenItReadsAgain() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();

        int taken = fill(session);
        assertThat(session.connection.unsentBytes()).isPositive().isLessThanOrEqualTo(TransportSettings.LANE_BYTES);
        for (int i = 0; i < 10; i++) {
            assertThat(session.connection.send(numbered(taken))).isFalse();
        }
        assertThat(session.writable).hasValue(0);

        client.resumeReading();
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(session.writable).hasValue(1));
        assertThat(session.connection.unsentBytes()).isZero();
        session.sendNow("and on");
        assertThat(client.next()).isEqualTo("and on");
        assertThat(session.writable).hasValue(1);
    }

    @Test
    void aMessageLargerThanTheLaneIsTakenAlone() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        byte[] large = "x".repeat(8 * 1024 * 1024).getBytes(StandardCharsets.UTF_8);

        assertThat(session.connection.send(large)).isTrue();
        session.connection.flush();
        assertThat(session.connection.send(numbered(0))).isFalse();

        client.resumeReading();
        assertThat(client.next()).hasSize(large.length);
        await().atMost(SOON).untilAsserted(() -> assertThat(session.writable).hasValue(1));
    }

    @Test
    void whatIsSentBeforeTheVerdictIsDeliveredAfterItFirstAndInOrder() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        TestClient client = connect(open(settings(), arrivals));
        Arrival arrival = arrivals.next();
        for (int i = 0; i < 50; i++) {
            client.send("early " + i);
        }

        RecordingSession session = arrivals.admit(arrival);
        client.send("late");

        for (int i = 0; i < 50; i++) {
            assertThat(session.nextText()).isEqualTo("early " + i);
        }
        assertThat(session.nextText()).isEqualTo("late");
    }

    @Test
    void aFloodBeforeTheVerdictLosesNothing() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        TestClient client = connect(open(settings(), arrivals));
        Arrival arrival = arrivals.next();
        String large = "x".repeat(100_000);
        Thread flood = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                client.send(i + large);
            }
        });
        flood.setDaemon(true);
        flood.start();
        flood.join(200); // on a socket it is held up by now; the verdict comes all the same

        RecordingSession session = arrivals.admit(arrival);

        for (int i = 0; i < 200; i++) {
            assertThat(session.nextText()).isEqualTo(i + large);
        }
    }

    @Test
    void aClientThatLeftBeforeTheVerdictIsNobodysSession() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        Transport transport = open(settings(), arrivals);
        TestClient client = connect(transport);
        Arrival arrival = arrivals.next();

        client.abort();
        await().atMost(SOON).until(() -> transport.connections() == 0);

        AtomicBoolean called = new AtomicBoolean();
        assertThat(arrival.admit(connection -> {
                    called.set(true);
                    return new RecordingSession(connection);
                }))
                .isFalse();
        assertThat(called).isFalse();
        arrival.refuse(new Refusal(401, CloseCode.UNAUTHORIZED, "too late"));
    }

    @Test
    void whoIsRefusedIsToldWhy() throws Exception {
        Transport transport = open(
                settings(),
                arrival -> arrival.refuse(new Refusal(401, CloseCode.UNAUTHORIZED, "token_expired: get a new one")));
        TestClient client = connect(transport);

        assertThat(client.closeCode()).isEqualTo(4401);
        assertThat(client.closeReason()).isEqualTo("token_expired: get a new one");
        client.awaitEnd(SOON);
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aLongReasonIsCutAtTheBorderOfACharacter() throws Exception {
        TestClient client = connect(open(
                settings(), arrival -> arrival.refuse(new Refusal(403, CloseCode.FORBIDDEN, "a" + "é".repeat(100)))));

        assertThat(client.closeReason()).isEqualTo("a" + "é".repeat(61));
    }

    @Test
    void onlyTheFirstVerdictCounts() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        TestClient client = connect(open(settings(), arrivals));
        Arrival arrival = arrivals.next();

        RecordingSession session = arrivals.admit(arrival);
        arrival.refuse(new Refusal(403, CloseCode.FORBIDDEN, "no"));
        assertThat(arrival.admit(RecordingSession::new)).isFalse();

        session.sendNow("in");
        assertThat(client.next()).isEqualTo("in");
    }

    @Test
    void noCallbackComesBeforeTheSessionIsMade() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        Transport transport = open(settings(), arrivals);
        TestClient client = connect(transport);
        Arrival arrival = arrivals.next();
        client.send("early");
        List<RecordingSession> made = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(1);

        Thread admitting = new Thread(() -> arrival.admit(connection -> {
            awaitQuietly(left);
            made.add(new RecordingSession(connection));
            return made.get(0);
        }));
        admitting.start();
        client.close(1000, "changed my mind");
        left.countDown();
        admitting.join();

        assertThat(made.get(0).nextText()).isEqualTo("early");
        assertThat(made.get(0).awaitClosed()).isEqualTo("1000 changed my mind by peer");
    }

    @Test
    void oneArrivalTooManyMakesTheOldestGiveWay() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        Transport transport = open(new Limits(settings()).maxArrivals(2), arrivals);
        TestClient oldest = connect(transport);
        Arrival oldestArrival = arrivals.next();
        TestClient second = connect(transport);
        Arrival secondArrival = arrivals.next();
        TestClient third = connect(transport);

        assertThat(oldest.closeCode()).isEqualTo(CloseCode.OVERLOADED);
        assertThat(oldestArrival.admit(RecordingSession::new)).isFalse();
        arrivals.admit(secondArrival).sendNow("in");
        assertThat(second.next()).isEqualTo("in");
        arrivals.admit(arrivals.next()).sendNow("in");
        assertThat(third.next()).isEqualTo("in");
    }

    @Test
    void whoIsInMakesRoomForArrivals() throws Exception {
        Transport transport = open(new Limits(settings()).maxArrivals(1), sessions);
        for (int i = 0; i < 5; i++) {
            TestClient client = connect(transport);
            sessions.next().sendNow("in");
            assertThat(client.next()).isEqualTo("in");
        }
        assertThat(transport.connections()).isEqualTo(5);
    }

    @Test
    void theRequestIsHandedOnWithoutShowingItsSecrets() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        Transport transport = open(settings(), arrivals);
        clients.add(connect(
                transport,
                "/wss?token=secret&frame=flat",
                Map.of("Authorization", "Bearer secret", "Origin", "http://a")));

        HandshakeRequest request = arrivals.next().request();

        assertThat(request.path()).isEqualTo("/wss");
        assertThat(request.rawQuery()).contains("token=secret&frame=flat");
        assertThat(request.header("Authorization")).contains("Bearer secret");
        assertThat(request.header("origin")).contains("http://a");
        assertThat(request.header("user-agent")).isEmpty();
        assertThat(request.remoteAddress().getPort()).isPositive();
        assertThat(request.toString()).doesNotContain("secret");
        assertThatThrownBy(() -> request.header("cookie")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherPathIsNotFound() throws Exception {
        Transport transport = open();

        assertThatThrownBy(() -> connect(transport, "/other?token=secret", Map.of()))
                .isInstanceOfSatisfying(
                        HttpRefused.class, e -> assertThat(e.status()).isEqualTo(404));
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void closingSendsWhatWasTakenAndThenTheReason() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        int taken = fill(session);

        session.connection.close(CloseCode.FORBIDDEN, "bye");
        session.connection.close(CloseCode.NORMAL, "only the first counts");
        assertThat(session.connection.send(numbered(0))).isFalse();

        client.resumeReading();
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
        assertThat(client.closeCode()).isEqualTo(4403);
        assertThat(client.closeReason()).isEqualTo("bye");
        assertThat(session.awaitClosed()).isEqualTo("4403 bye by us");
        assertThat(session.writable).hasValue(0);
    }

    @Test
    void aClientThatDoesNotReadTheCloseFrameIsCutOff() throws Exception {
        Transport transport = open(new Limits(settings()).closeTimeout(Duration.ofMillis(300)), sessions);
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();
        client.stopReading();
        fill(session);

        session.connection.close(CloseCode.TIMED_OUT, "no sign of life");

        assertThat(session.awaitClosed()).isEqualTo("4408 no sign of life by us");
        assertThat(session.connection.unsentBytes()).isZero();
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aCodeThatMayNotBeSentIsRefused() throws Exception {
        connect(open());
        RecordingSession session = sessions.next();

        assertThatThrownBy(() -> session.connection.close(1006, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1006");
    }

    @Test
    void aClientThatClosesIsAnsweredAndItsMessagesCount() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        client.send("last words");
        client.close(4321, "enough");

        assertThat(session.nextText()).isEqualTo("last words");
        assertThat(session.awaitClosed()).isEqualTo("4321 enough by peer");
        assertThat(client.closeCode()).isEqualTo(4321);
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aCloseFrameWithoutACodeIsAnsweredInKind() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();

        client.sendRaw(frame(FIN | ClientFrames.CLOSE, bytes()));

        assertThat(session.awaitClosed()).isEqualTo("1005  by peer");
        assertThat(client.closeCode()).isEqualTo(1005);
    }

    @Test
    void aClientThatDiesInTheMiddleOfAFrameEndsOnce() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        client.send("whole");
        client.sendRaw(concat(head(FIN | TEXT, 1000), masked(new byte[10])));
        assertThat(session.nextText()).isEqualTo("whole");
        client.abort();

        assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
        await().atMost(SOON).until(() -> transport.connections() == 0);
        session.connection.close(CloseCode.NORMAL, "");
        assertThat(session.closed).isEmpty();
    }

    @Test
    void nothingIsDeliveredOnceTheSessionHasClosed() throws Exception {
        AdmittingListener closing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8) {
                super.onText(utf8);
                connection.close(CloseCode.NORMAL, "enough");
            }
        });
        TestClient client = connect(open(settings(), closing));
        RecordingSession session = closing.next();

        client.sendRaw(concat(ClientFrames.text("a"), ClientFrames.text("b"), ClientFrames.text("c")));

        assertThat(session.awaitClosed()).isEqualTo("1000 enough by us");
        assertThat(session.texts).containsExactly("a");
    }

    @Test
    void pausingStopsAtTheNextMessageAndGoesOnThere() throws Exception {
        AdmittingListener pausing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8) {
                connection.pauseReading();
                super.onText(utf8);
            }
        });
        TestClient client = connect(open(settings(), pausing));
        RecordingSession session = pausing.next();
        client.sendRaw(concat(ClientFrames.text("0"), ClientFrames.text("1"), ClientFrames.text("2")));
        for (int i = 3; i < 100; i++) {
            client.send("" + i);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(session.nextText()).isEqualTo("" + i);
            assertThat(session.texts).isEmpty();
            session.connection.resumeReading();
            client.poll();
        }
    }

    @Test
    void aPausedConnectionCanBeClosed() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        session.connection.pauseReading();

        session.connection.close(CloseCode.NORMAL, "");

        assertThat(client.closeCode()).isEqualTo(1000);
        assertThat(session.awaitClosed()).isEqualTo("1000  by us");
    }

    @Test
    void aPingIsAnsweredWithItsPayload() throws Exception {
        TestClient client = connect(open());

        client.sendRaw(ClientFrames.ping("still there?"));

        assertThat(client.nextPong(SOON)).isEqualTo("still there?");
    }

    @Test
    void pingsOfAClientThatDoesNotReadCostOnePong() throws Exception {
        TestClient client = connect(open());
        RecordingSession session = sessions.next();
        client.stopReading();
        int taken = fill(session);
        for (int i = 0; i < 5000; i++) {
            client.sendRaw(ClientFrames.ping("ping " + i));
        }
        client.send("done");
        assertThat(session.nextText()).isEqualTo("done");

        client.resumeReading();
        assertThat(client.nextPong(SOON)).isEqualTo("ping 4999");
        for (int i = 0; i < taken; i++) {
            assertThat(client.next()).startsWith(i + " ");
        }
    }

    @Test
    void hostileFramesEndTheirOwnConnectionOnly() throws Exception {
        Transport transport = open();
        TestClient good = connect(transport);
        RecordingSession goodSession = sessions.next();
        Map<byte[], Integer> hostile = Map.of(
                frame(FIN | ClientFrames.BINARY, bytes(1)), 1003,
                bytes(FIN | TEXT, 1, 'a'), 1002,
                frame(FIN | TEXT, bytes(0xff)), 1007,
                head(FIN | TEXT, 1024 * 1024 + 1), 1009,
                head(FIN | TEXT, Long.MAX_VALUE), 1009);

        for (Map.Entry<byte[], Integer> attack : hostile.entrySet()) {
            TestClient client = connect(transport);
            RecordingSession session = sessions.next();
            client.sendRaw(attack.getKey());

            assertThat(client.closeCode()).isEqualTo(attack.getValue());
            assertThat(session.awaitClosed())
                    .startsWith(attack.getValue() + " ")
                    .endsWith(" by us");
        }
        good.send("still here");
        assertThat(goodSession.nextText()).isEqualTo("still here");
        await().atMost(SOON).until(() -> transport.connections() == 1);
    }

    @Test
    void whatAllHaveHalfSentIsBounded() throws Exception {
        Transport transport = open(new Limits(settings()).maxHalfReceivedBytes(100_000), sessions);
        TestClient first = connect(transport);
        RecordingSession firstSession = sessions.next();
        TestClient second = connect(transport);
        RecordingSession secondSession = sessions.next();

        first.sendRaw(concat(head(FIN | TEXT, 60_001), masked(new byte[60_000])));
        first.sendRaw(masked(new byte[1])); // all before it is a multiple of the mask's four bytes
        assertThat(firstSession.nextText()).hasSize(60_001);
        second.sendRaw(concat(head(FIN | TEXT, 1_000_000), masked(new byte[200_000])));

        assertThat(second.closeCode()).isEqualTo(CloseCode.OVERLOADED);
        assertThat(secondSession.awaitClosed()).startsWith("1013 overloaded");
    }

    @Test
    void aSessionThatThrowsLosesItsConnectionOnly() throws Exception {
        List<Throwable> faults = List.of(
                new IllegalStateException("a fault of the session"),
                new StackOverflowError("a fault of the session"),
                new OutOfMemoryError("a fault of the session"),
                new AssertionError("a fault of the session"));
        for (Throwable fault : faults) {
            AdmittingListener throwing = new AdmittingListener(connection -> new RecordingSession(connection) {
                @Override
                public void onText(byte[] utf8) {
                    if (utf8.length == 0) {
                        throwUnchecked(fault);
                    }
                    super.onText(utf8);
                }
            });
            Transport transport = open(settings(), throwing);
            TestClient good = connect(transport);
            RecordingSession goodSession = throwing.next();
            TestClient bad = connect(transport);
            RecordingSession badSession = throwing.next();

            bad.send("");

            assertThat(bad.closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
            assertThat(badSession.awaitClosed()).isEqualTo("1011 internal error by us");
            good.send("still here");
            assertThat(goodSession.nextText()).isEqualTo("still here");
        }
    }

    @Test
    void aThrowingOnWritableAndOnClosedHarmNobody() throws Exception {
        AdmittingListener throwing = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onWritable() {
                throw new IllegalStateException("a fault of the session");
            }

            @Override
            public void onClosed(int code, String reason, boolean byPeer) {
                super.onClosed(code, reason, byPeer);
                throw new StackOverflowError("a fault of the session");
            }
        });
        Transport transport = open(settings(), throwing);
        TestClient client = connect(transport);
        RecordingSession session = throwing.next();
        client.stopReading();
        fill(session);
        client.resumeReading();

        assertThat(client.closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(session.awaitClosed()).isEqualTo("1011 internal error by us");
        await().atMost(SOON).until(() -> transport.connections() == 0);
        TestClient next = connect(transport);
        throwing.next().sendNow("in");
        assertThat(next.next()).isEqualTo("in");
    }

    @Test
    void whoeverFailsAtTheDoorRefusesThatClient() throws Exception {
        Transport transport = open(settings(), arrival -> {
            throw new StackOverflowError("a fault of the listener");
        });
        assertThat(connect(transport).closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);

        BlockingQueue<Boolean> admitted = new LinkedBlockingQueue<>();
        Transport other = open(
                settings(),
                arrival -> admitted.add(arrival.admit(connection -> {
                    throw new IllegalStateException("a fault of the session");
                })));
        assertThat(connect(other).closeCode()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(admitted.take()).isFalse();
        await().atMost(SOON).until(() -> other.connections() == 0);
    }

    @Test
    void closingTheTransportTellsEverybody() throws Exception {
        Transport transport = open();
        List<TestClient> all = List.of(connect(transport), connect(transport), connect(transport));
        List<RecordingSession> theirs = List.of(sessions.next(), sessions.next(), sessions.next());
        theirs.get(0).sendNow("before");

        transport.close(SOON);

        for (int i = 0; i < 3; i++) {
            assertThat(theirs.get(i).closed).hasSize(1); // already, when close has returned
            assertThat(theirs.get(i).awaitClosed()).startsWith("1001 ");
            assertThat(all.get(i).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
        assertThat(all.stream().map(TestClient::poll).flatMap(Optional::stream)).containsExactly("before");
        assertThat(transport.connections()).isZero();
        transport.close(SOON);
    }

    @Test
    void closingDoesNotWaitForThoseThatDoNotAnswer() throws Exception {
        WaitingArrivals arrivals = new WaitingArrivals();
        Transport transport = open(settings(), arrivals);
        TestClient stalled = connect(transport);
        RecordingSession session = arrivals.admit(arrivals.next());
        stalled.stopReading();
        fill(session);
        TestClient waiting = connect(transport);
        arrivals.next();

        long before = System.nanoTime();
        transport.close(Duration.ofMillis(400));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        assertThat(session.closed).hasSize(1);
        assertThat(waiting.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(transport.connections()).isZero();
    }

    @Test
    void whoIsInStaysWhenTheDoorIsClosed() throws Exception {
        Transport transport = open();
        TestClient client = connect(transport);
        RecordingSession session = sessions.next();

        transport.stopAccepting();
        transport.stopAccepting();

        assertThatThrownBy(() -> connect(transport)).isInstanceOf(IOException.class);
        session.sendNow("still here");
        assertThat(client.next()).isEqualTo("still here");
    }

    /** Sends until one is refused; how many were taken. */
    static int fill(RecordingSession session) {
        int taken = 0;
        while (session.connection.send(numbered(taken))) {
            session.connection.flush();
            taken++;
        }
        return taken;
    }

    static byte[] numbered(int number) {
        return (number + " " + "x".repeat(4000)).getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void throwUnchecked(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) fault;
    }

    /** Arrivals that wait for the test's verdict. */
    static final class WaitingArrivals implements ArrivalListener {
        private final BlockingQueue<Arrival> waiting = new LinkedBlockingQueue<>();

        @Override
        public void onArrival(Arrival arrival) {
            waiting.add(arrival);
        }

        Arrival next() throws InterruptedException {
            return Optional.ofNullable(waiting.poll(SOON.toMillis(), TimeUnit.MILLISECONDS))
                    .orElseThrow(() -> new AssertionError("nobody arrived"));
        }

        RecordingSession admit(Arrival arrival) {
            List<RecordingSession> made = new ArrayList<>();
            assertThat(arrival.admit(connection -> {
                        made.add(new RecordingSession(connection));
                        return made.get(0);
                    }))
                    .isTrue();
            return made.get(0);
        }
    }
}
