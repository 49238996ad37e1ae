package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.HttpRefused;
import io.github.robotstream.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The way in, and the verdict. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(60)
class HandshakeVerdictTest extends TransportCase {

    HandshakeVerdictTest(TransportKind kind) {
        super(kind);
    }

    @Test
    void whatIsSentBeforeTheVerdictIsDeliveredAfterItFirstAndInOrder() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        TestClient client = requestUpgrade(open(TestSettings.anyPort(), handshakes));
        Handshake handshake = handshakes.next();
        for (int i = 0; i < 50; i++) {
            client.send("early " + i);
        }

        RecordingSession session = handshakes.admit(handshake);
        client.send("late");

        for (int i = 0; i < 50; i++) {
            assertThat(session.nextText()).isEqualTo("early " + i);
        }
        assertThat(session.nextText()).isEqualTo("late");
    }

    @Test
    void aFloodBeforeTheVerdictLosesNothing() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        TestClient client = requestUpgrade(open(TestSettings.anyPort(), handshakes));
        Handshake handshake = handshakes.next();
        String large = "x".repeat(100_000);
        Thread flood = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                client.send(i + large);
            }
        });
        flood.setDaemon(true);
        flood.start();
        flood.join(200); // on a socket it is held up by now; the verdict comes all the same

        RecordingSession session = handshakes.admit(handshake);

        for (int i = 0; i < 200; i++) {
            assertThat(session.nextText()).isEqualTo(i + large);
        }
    }

    @Test
    void aClientThatLeftBeforeTheVerdictIsNobodysSession() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        TestClient client = requestUpgrade(transport);
        Handshake handshake = handshakes.next();

        client.abort();
        await().atMost(SOON).until(() -> transport.connections() == 0);

        AtomicBoolean called = new AtomicBoolean();
        assertThat(handshake.admit(connection -> {
                    called.set(true);
                    return new RecordingSession(connection);
                }))
                .isFalse();
        assertThat(called).isFalse();
        handshake.refuse(new Refusal(401, CloseCode.UNAUTHORIZED, "too late"));
    }

    @Test
    void onlyTheFirstVerdictCounts() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        TestClient client = requestUpgrade(open(TestSettings.anyPort(), handshakes));
        Handshake handshake = handshakes.next();

        RecordingSession session = handshakes.admit(handshake);
        handshake.refuse(new Refusal(403, CloseCode.FORBIDDEN, "no"));
        assertThat(handshake.admit(RecordingSession::new)).isFalse();

        session.sendNow("in");
        assertThat(client.next()).isEqualTo("in");
    }

    @Test
    void noCallbackComesBeforeTheSessionIsMade() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        TestClient client = requestUpgrade(transport);
        Handshake handshake = handshakes.next();
        client.send("early");
        List<RecordingSession> made = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(1);

        Thread admitting = new Thread(() -> handshake.admit(connection -> {
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
    void aSessionThatFillsItsLaneWhileItIsMadeIsToldWhenItDrains() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        TestClient client = requestUpgrade(open(TestSettings.anyPort(), handshakes));
        client.stopReading();
        List<RecordingSession> made = new ArrayList<>();

        handshakes.next().admit(connection -> {
            RecordingSession session = new RecordingSession(connection);
            fill(session);
            client.resumeReading();
            await().atMost(SOON).until(() -> connection.unsentBytes() == 0);
            made.add(session);
            return session;
        });

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(made.get(0).writable).hasValue(1));
    }

    @Test
    void oneArrivalTooManyMakesTheOldestGiveWay() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(changed -> changed.handshakes = 2), handshakes);
        TestClient oldest = requestUpgrade(transport);
        Handshake oldestArrival = handshakes.next();
        TestClient second = requestUpgrade(transport);
        Handshake secondArrival = handshakes.next();
        TestClient third = requestUpgrade(transport);

        assertThat(oldest.status()).isEqualTo(503);
        assertThat(oldestArrival.admit(RecordingSession::new)).isFalse();
        handshakes.admit(secondArrival).sendNow("in");
        assertThat(second.next()).isEqualTo("in");
        handshakes.admit(handshakes.next()).sendNow("in");
        assertThat(third.next()).isEqualTo("in");
    }

    @Test
    void whoIsInMakesRoomForArrivals() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> changed.handshakes = 1), sessions);
        for (int i = 0; i < 5; i++) {
            TestClient client = connect(transport);
            sessions.next().sendNow("in");
            assertThat(client.next()).isEqualTo("in");
        }
        assertThat(transport.connections()).isEqualTo(5);
    }

    @Test
    void theRequestIsHandedOnWithoutShowingItsSecrets() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        requestUpgrade(
                transport,
                "/wss?token=secret&frame=flat",
                Map.of("Authorization", "Bearer secret", "Origin", "http://a"));

        HandshakeRequest request = handshakes.next().request();

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

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
