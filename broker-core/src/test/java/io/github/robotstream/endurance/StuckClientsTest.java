package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sixty clients that never read, each stuck on another message of a megabyte, and a heap of 64 MiB. */
class StuckClientsTest {
    private static final int CLIENTS = 60;

    private final List<TestClient> clients = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void whatClientsDoNotReadDoesNotEndTheRobot(FrameStyle style) throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        try (ChildJvm robot = ChildJvm.start(StuckClientsBroker.class, options, Integer.toString(CLIENTS))) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            for (int i = 0; i < CLIENTS; i++) {
                connect(address, style, "own/" + i).stopReading();
            }
            TestClient healthy = connect(address, FrameStyle.ENVELOPE, "heart");
            robot.goOn();
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(healthy.next())
                        .as("%s", robot.output())
                        .isEqualTo(Requests.delivered("heart", "int", "" + i));
            }
            assertThat(robot.value("beats")).isEqualTo(CLIENTS);
            robot.goOn();

            assertThat(robot.exitCode()).as("%s", robot.output()).isZero();
            assertThat(robot.value("cut")).isBetween(10L, CLIENTS - 1L);
        } finally {
            clients.forEach(TestClient::close);
        }
    }

    private TestClient connect(InetSocketAddress address, FrameStyle style, String topic) throws Exception {
        SocketTestClient client = SocketTestClient.to(address)
                .target(style == FrameStyle.FLAT ? "/wss?frame=flat" : "/wss")
                .receiveBuffer(16 * 1024)
                .connect();
        clients.add(client);
        client.send(Requests.subscribe(topic, 1));
        assertThat(client.next()).contains("\"ack\"");
        return client;
    }
}
