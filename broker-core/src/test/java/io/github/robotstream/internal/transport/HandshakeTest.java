package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.gate.HeadReader;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The request on the wire, and its answers. */
@Timeout(60)
class HandshakeTest extends TransportCase {
    HandshakeTest() {
        super(TransportKind.SOCKETS);
    }

    @Test
    void aFrameMayComeWithTheRequestAndTheRequestInPieces() throws Exception {
        Transport transport = open();
        SocketTestClient early = SocketTestClient.to(transport.address()).connect(text("with the head"));
        assertThat(sessions.next().nextText()).isEqualTo("with the head");
        early.abort();

        SocketTestClient.Request request = SocketTestClient.to(transport.address());
        try (Socket drip = request.socket()) {
            for (byte b : concat(request.head(), text("byte by byte"))) {
                drip.getOutputStream().write(b);
            }
            assertThat(ServerFrameReader.readHead(drip.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(sessions.next().nextText()).isEqualTo("byte by byte");
        }
    }

    /** RFC 6455 section 4.2.2; the key and its answer are those of section 1.3. */
    @Test
    void theAnswerSaysWhatTheRfcAsksForAndNothingOfTheServer() throws Exception {
        Transport transport = open();
        String request = """
                GET /wss HTTP/1.1
                Host: robot
                Upgrade: websocket
                Connection: keep-alive, Upgrade
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """.replace("\n", "\r\n");
        try (Socket socket =
                new Socket(transport.address().getAddress(), transport.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(ServerFrameReader.readHead(socket.getInputStream()).lines())
                    .containsExactlyInAnyOrder(
                            "HTTP/1.1 101 Switching Protocols",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                            "");
        }
    }

    @Test
    void theSubprotocolIsAnsweredWhereItIsOffered() throws Exception {
        Transport transport = open();
        SocketTestClient offering = SocketTestClient.to(transport.address())
                .header("Sec-WebSocket-Protocol", "bearer.secret, robotstream.v1")
                .connect();
        SocketTestClient other = SocketTestClient.to(transport.address())
                .header("Sec-WebSocket-Protocol", "mqtt")
                .connect();

        assertThat(offering.answerHead()).containsIgnoringCase("Sec-WebSocket-Protocol: robotstream.v1\r\n");
        assertThat(other.answerHead()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
        offering.abort();
        other.abort();
    }

    @Test
    void whoDoesNotAskInTimeIsCutOff() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> changed.handshakeTimeout = Duration.ofMillis(200)));
        SocketTestClient.Request request = SocketTestClient.to(transport.address());
        try (Socket silent = request.socket();
                Socket slow = request.socket()) {
            slow.getOutputStream().write(request.head(), 0, 20);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(slow.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 408 ");
        }
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    static Stream<Arguments> notUpgraded() {
        Map<String, String> valid = Map.of();
        return Stream.of(
                Arguments.of("/other", valid, 404),
                Arguments.of("/wss/", valid, 404),
                Arguments.of("wss", valid, 400),
                Arguments.of("/wss?a b", valid, 400),
                Arguments.of("/wss", Map.of("Upgrade", ""), 426),
                Arguments.of("/wss", Map.of("Connection", "keep-alive"), 426),
                Arguments.of("/wss", Map.of("Sec-WebSocket-Version", "8"), 426),
                Arguments.of("/wss", Map.of("Sec-WebSocket-Key", "short"), 400),
                Arguments.of("/wss", Map.of("Host", ""), 400),
                Arguments.of("/wss", Map.of("Content-Length", "5"), 400),
                Arguments.of("/wss", Map.of("X-Large", "x".repeat(HeadReader.MAX_BYTES)), 431));
    }

    @ParameterizedTest
    @MethodSource
    void notUpgraded(String target, Map<String, String> headers, int status) throws Exception {
        Transport transport = open();
        SocketTestClient.Request request =
                SocketTestClient.to(transport.address()).target(target);
        headers.forEach(request::header);
        try (Socket socket = request.socket()) {
            socket.getOutputStream().write(request.head());
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\n\r\n{\"status\":" + status + ",")
                    .contains("\r\nConnection: close")
                    .containsPattern("\r\nContent-Length: \\d+\r\n")
                    .endsWith("}\n");
        }
        await().atMost(SOON).until(() -> transport.connections() == 0);
        assertThat(sessions.sessions).isEmpty();
    }
}
