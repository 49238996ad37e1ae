package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.testing.Campaign;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.NumberedMessages;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hundred clients that never read 2,000 messages a second of 4 KiB, which are for all of them, and as many of 16 KiB, each
 * for one of them; and a heap of 64 MiB. The broker lives, and a client that reads gets all of its messages in order, or is
 * told how many it lost. {@code -Drobotstream.soak.seconds=20} makes the flood longer.
 */
class SlowSubscriberSoakTest {
    private static final int MESSAGES_A_SECOND = 2000;
    private static final long HEAP = 64L << 20;

    private final List<TestClient> clients = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void clientsThatNeverReadHarmNobody(FrameStyle style) throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        String seconds = Integer.toString(Campaign.length("soak.seconds", 4, 8));
        try (ChildJvm robot = ChildJvm.start(SoakBroker.class, options, Integer.toString(MESSAGES_A_SECOND), seconds)) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            for (int i = 0; i < SoakBroker.OWN_TOPICS; i++) {
                TestClient slow = connect(address, style, "slow", "flood");
                slow.send(Requests.subscribe("own/" + i));
                slow.stopReading();
            }
            TestClient logs = connect(address, style, "logs", "server_logs");
            TestClient healthy = connect(address, style, "healthy", "flood");
            robot.goOn();
            long published = robot.value("published");
            NumberedMessages messages = new NumberedMessages(healthy, "number");
            messages.readUntil(published - 1);
            assertThat(tellsOfSlowClients(logs))
                    .as("losses told on server_logs")
                    .isPositive();
            robot.goOn();

            assertThat(robot.exitCode()).as("%s", robot.output()).isZero();
            assertThat(messages.received() + robot.value("toldOfHealthy") + robot.value("toldOfAll"))
                    .as("received or told as lost, %s", robot.output())
                    .isEqualTo(published);
            assertThat(robot.value("toldOfHealthy"))
                    .as("lost for being slow, which it is not, %s", robot.output())
                    .isLessThan(published / 10);
            assertThat(robot.value("accounted")).isEqualTo(robot.value("offered"));
            assertThat(robot.value("toldOfSlow")).isPositive();
            assertThat(robot.value("heap")).isLessThan(HEAP * 3 / 4);
        } finally {
            clients.forEach(TestClient::close);
        }
    }

    private TestClient connect(InetSocketAddress address, FrameStyle style, String name, String topic)
            throws Exception {
        String frame = style == FrameStyle.FLAT ? "frame=flat&" : "";
        SocketTestClient client = SocketTestClient.to(address)
                .target("/wss?" + frame + "token=" + name)
                .connect();
        clients.add(client);
        client.send(Requests.subscribe(topic, 1));
        assertThat(client.next()).contains("\"ack\"");
        return client;
    }

    private static long tellsOfSlowClients(TestClient logs) {
        long told = 0;
        for (var entry = logs.poll(); entry.isPresent(); entry = logs.poll()) {
            if (entry.get().contains("\"messages_dropped\"") && entry.get().contains("\"slow\"")) {
                told++;
            }
        }
        return told;
    }
}
