package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Two hundred clients that never read, 2,000 messages a second of 4 KiB, and a heap of 64 MiB: the broker lives, and a client
 * that reads gets all messages in order, or is told how many it lost. With {@code -Drobotstream.soak=full} for 20 seconds.
 */
class SlowSubscriberSoakTest {
    private static final boolean FULL = "full".equals(System.getProperty("robotstream.soak"));
    private static final int SLOW_CLIENTS = 200;
    private static final int MESSAGES_A_SECOND = 2000;
    private static final long HEAP = 64L << 20;
    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    private final List<TestClient> clients = new ArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong newest = new AtomicLong(-1);

    @Test
    void clientsThatNeverReadHarmNobody() throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        String seconds = FULL ? "20" : "4";
        try (ChildJvm robot = ChildJvm.start(SoakBroker.class, options, Integer.toString(MESSAGES_A_SECOND), seconds)) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                connect(address, "slow", "flood").stopReading();
            }
            TestClient logs = connect(address, "logs", "server_logs");
            TestClient healthy = connect(address, "healthy", "flood");
            robot.goOn();
            long published = robot.value("published");
            readUntil(healthy, published - 1);
            assertThat(tellsOfSlowClients(logs))
                    .as("losses told on server_logs")
                    .isPositive();
            robot.goOn();

            assertThat(robot.exitCode()).as("%s", robot.output()).isZero();
            assertThat(received.get()
                            + robot.value("toldOfHealthy")
                            + robot.value("lostInRobotLane") / (SLOW_CLIENTS + 1))
                    .as("received or told as lost, %s", robot.output())
                    .isEqualTo(published);
            assertThat(received.get()).isGreaterThan(published * 9 / 10);
            assertThat(robot.value("accounted")).isEqualTo(robot.value("offered"));
            assertThat(robot.value("toldOfSlow")).isPositive();
            assertThat(robot.value("heap")).isLessThan(HEAP * 3 / 4);
        } finally {
            clients.forEach(TestClient::close);
        }
    }

    private TestClient connect(InetSocketAddress address, String name, String topic) throws Exception {
        SocketTestClient client =
                SocketTestClient.to(address).target("/wss?token=" + name).connect();
        clients.add(client);
        client.send(Requests.subscribe(topic, 1));
        assertThat(client.next()).contains("\"ack\"");
        return client;
    }

    /** Until that number is here, or nothing comes any more. */
    private void readUntil(TestClient healthy, long last) {
        while (newest.get() < last) {
            Matcher number = NUMBER.matcher(healthy.next(Duration.ofSeconds(10)));
            assertThat(number.find()).isTrue();
            long next = Long.parseLong(number.group(1));
            assertThat(next).as("order").isGreaterThan(newest.getAndSet(next));
            received.incrementAndGet();
        }
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
