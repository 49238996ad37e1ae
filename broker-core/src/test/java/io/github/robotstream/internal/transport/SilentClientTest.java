package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets: who answers pings stays, who does not is closed and may come back. */
@Timeout(60)
class SilentClientTest {
    private final FakeSink sink = new FakeSink();

    @Test
    void aClientWithoutASignOfLifeIsClosedAndOneThatAnswersPingsStays() throws Exception {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(sink)
                .limits(limits -> limits.pingAfter(Duration.ofMillis(200)).answerWithin(Duration.ofSeconds(2)))
                .start()) {
            URI address = URI.create("ws://127.0.0.1:" + broker.address().getPort() + "/wss");
            WebSocket answering = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address, new WebSocket.Listener() {})
                    .get(10, TimeUnit.SECONDS);
            try (SocketTestClient silent = SocketTestClient.connect(broker.address())) {
                silent.answersNoPings();
                assertThat(silent.closeCode()).isEqualTo(4408);
                assertThat(silent.closeReason(TestClient.SOON)).startsWith("silent: ");
            }

            await().until(() -> broker.sessions().size() == 1);
            assertThat(answering.isInputClosed()).isFalse();
            await().untilAsserted(() -> assertThat(sink.entries()).anySatisfy(SilentClientTest::tellsOfTheSilence));
            answering.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        }
    }

    private static void tellsOfTheSilence(LogEntry entry) {
        assertThat(entry.event()).isEqualTo("client_disconnected");
        assertThat(entry.attributes()).containsEntry("code", 4408);
    }
}
