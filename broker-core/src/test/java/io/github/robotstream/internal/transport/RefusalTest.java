package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.RefusalStyle;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.TestClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who does not get in is told why, in the language that it understands, and the socket is closed. */
@ParameterizedClass
@EnumSource(TransportKind.class)
@Timeout(60)
class RefusalTest extends TransportCase {
    private static final Refusal EXPIRED = new Refusal(401, CloseCode.UNAUTHORIZED, "token_expired: \"get\" a new öne");

    RefusalTest(TransportKind kind) {
        super(kind);
    }

    private TestClient refused(Refusal refusal, RefusalStyle style, Map<String, String> headers) throws Exception {
        Transport transport = open(
                TestSettings.anyPort(changed -> changed.refusalStyle = style), handshake -> handshake.refuse(refusal));
        TestClient client = requestUpgrade(transport, "/wss?token=secret", headers);
        client.awaitEnd(SOON);
        await().atMost(SOON).until(() -> transport.connections() == 0);
        return client;
    }

    @Test
    void aProgramGetsAStatus() throws Exception {
        TestClient client = refused(EXPIRED, RefusalStyle.FITTING, Map.of());

        assertThat(client.status()).isEqualTo(401);
        assertThat(client.answerHead())
                .contains("\r\nWWW-Authenticate: Bearer\r\n")
                .contains("\r\nConnection: close\r\n")
                .contains("\r\nContent-Length: " + client.answerBody().length() + "\r\n");
        assertThat(client.answerBody())
                .isEqualTo("{\"status\":401,\"message\":\"token_expired: \\\"get\\\" a new \\u00f6ne;"
                        + " come back with a valid token\"}\n");
    }

    @Test
    void aBrowserGetsACloseCode() throws Exception {
        TestClient client = refused(EXPIRED, RefusalStyle.FITTING, Map.of("Origin", "http://dashboard"));

        assertThat(client.status()).isEqualTo(101);
        assertThat(client.closeCode()).isEqualTo(4401);
        assertThat(client.closeReason()).isEqualTo(EXPIRED.reason());
        assertThat(client.poll()).isEmpty();
    }

    @Test
    void oneWayCanBeChosenForAll() throws Exception {
        assertThat(refused(EXPIRED, RefusalStyle.HTTP_STATUS, Map.of("Origin", "http://dashboard"))
                        .status())
                .isEqualTo(401);
        assertThat(refused(EXPIRED, RefusalStyle.CLOSE_CODE, Map.of()).closeCode())
                .isEqualTo(4401);
    }

    @Test
    void whoIsToComeBackIsToldWhen() throws Exception {
        TestClient client = refused(Refusal.overloaded(2500), RefusalStyle.FITTING, Map.of());

        assertThat(client.status()).isEqualTo(503);
        assertThat(client.answerHead()).contains("\r\nRetry-After: 3\r\n");
        assertThat(client.answerBody()).contains("overloaded retry_after_ms=2500; come back after 3 s");
    }

    @Test
    void aLongReasonIsCutAtTheBorderOfACharacter() throws Exception {
        Refusal wordy = new Refusal(403, CloseCode.FORBIDDEN, "a" + "é".repeat(100));

        assertThat(refused(wordy, RefusalStyle.CLOSE_CODE, Map.of()).closeReason())
                .isEqualTo("a" + "é".repeat(61));
    }

    @Test
    void nobodyIsAnsweredBeforeTheVerdict() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        TestClient client = requestUpgrade(transport);
        Handshake handshake = handshakes.next();
        assertThat(transport.connections()).isEqualTo(1);
        client.sendRaw(new byte[] {1, 2, 3}); // whatever it is, it belongs to a WebSocket that there will not be
        client.send("early");

        handshake.refuse(EXPIRED);

        assertThat(client.status()).isEqualTo(401);
        assertThat(client.answerBody()).startsWith("{\"status\":401,");
    }

    @Test
    void theAnswerReachesAClientThatGoesOnSending() throws Exception {
        WaitingHandshakes handshakes = new WaitingHandshakes();
        Transport transport = open(TestSettings.anyPort(), handshakes);
        TestClient client = requestUpgrade(transport);
        for (int i = 0; i < 10; i++) {
            client.sendRaw(text("x".repeat(20_000))); // more than is held before the verdict
        }

        handshakes.next().refuse(EXPIRED);

        assertThat(client.status()).isEqualTo(401);
        assertThat(client.answerBody()).startsWith("{\"status\":401,");
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aRefusedClientThatStaysIsClosedAll() throws Exception {
        Transport transport = open(
                TestSettings.anyPort(changed -> changed.closeHandshakeTimeout = Duration.ofSeconds(20)),
                handshake -> handshake.refuse(EXPIRED));
        TestClient client = requestUpgrade(transport);
        client.stopReading();

        await().atMost(SOON).until(() -> transport.connections() == 0);
    }
}
