package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets: clients that leave while what they sent is not being read, as they sent too much. */
@Timeout(60)
class PausedClientTest {
    private static final int TOO_MUCH = 100_000; // a hundred seconds' worth

    private static RobotStreamBroker broker() throws IOException {
        return RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000).bytesPerSecond(1024))
                        .pingAfter(Duration.ofMillis(200)))
                .start();
    }

    @Test
    void aClientThatIsResetIsNoticed() throws Exception {
        try (RobotStreamBroker broker = broker();
                SocketTestClient client = SocketTestClient.connect(broker.address())) {
            client.send("x".repeat(TOO_MUCH));
            client.send("never read");
            await().until(() -> broker.sessions().size() == 1);

            client.abort();

            await().atMost(Duration.ofSeconds(10)).until(() -> broker.sessions().isEmpty());
        }
    }

    @Test
    void aClientThatIsClosedIsNoticed() throws Exception {
        try (RobotStreamBroker broker = broker()) {
            SocketTestClient.Request request = SocketTestClient.to(broker.address());
            try (Socket socket = request.socket()) {
                socket.getOutputStream().write(request.head());
                assertThat(ServerFrameReader.readHead(socket.getInputStream())).contains(" 101 ");
                socket.getOutputStream().write(ClientFrames.text("x".repeat(TOO_MUCH)));
                await().until(() -> broker.sessions().size() == 1);
            }

            await().atMost(Duration.ofSeconds(10)).until(() -> broker.sessions().isEmpty());
        }
    }
}
