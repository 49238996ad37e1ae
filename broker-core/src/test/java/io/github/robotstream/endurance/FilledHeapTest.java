package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Campaign;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A heap that is full for a moment, again and again: afterwards the broker serves, each time. {@code
 * -Drobotstream.heap.rounds=100} fills it a hundred times.
 */
@Timeout(600)
class FilledHeapTest {
    private static final int ROUNDS = Campaign.length("heap.rounds", 3, 10);
    private static final List<String> OPTIONS = List.of("-Xmx48m", "-XX:+UseSerialGC");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void listenersStoreAndLogGoOnAndTheEndIsInOrder() throws Exception {
        try (ChildJvm robot = ChildJvm.start(FilledHeapRobot.class, OPTIONS, Integer.toString(ROUNDS))) {
            awaitRounds(robot);
            robot.goOn();
            assertEndsInOrder(robot);
        }
    }

    @Test
    void clientsAreServedAfterwards() throws Exception {
        try (ChildJvm robot = ChildJvm.start(FilledHeapRobot.class, OPTIONS, Integer.toString(ROUNDS), "network")) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            SocketTestClient before = SocketTestClient.connect(address);
            before.send(Requests.subscribe("#", 1));
            // A call site of the JDK that is linked without memory, as the first request would, is of no use for ever.
            assertThat(before.next(PATIENCE)).contains("\"ack\"");
            robot.goOn();
            awaitRounds(robot);
            before.abort();
            assertServes(robot, address);
            robot.goOn();
            assertEndsInOrder(robot);
        }
    }

    private static void assertServes(ChildJvm robot, InetSocketAddress address) throws IOException {
        try {
            SocketTestClient after = SocketTestClient.connect(address);
            after.send(Requests.subscribe("echo", 1));
            assertThat(after.next(PATIENCE)).contains("\"ack\"");
            after.send(Requests.publish("echo", "1", 2));
            assertThat(List.of(after.next(PATIENCE), after.next(PATIENCE)))
                    .as("message and acknowledgement")
                    .anyMatch(text -> text.contains("\"echo\""));
            after.close(1000, "");
        } catch (AssertionError notServed) {
            throw new AssertionError(String.valueOf(robot.output()), notServed);
        }
    }

    private static void awaitRounds(ChildJvm robot) throws InterruptedException {
        for (int round = 1; round <= ROUNDS; round++) {
            assertThat(robot.value("round" + round)).as("%s", robot.output()).isOne();
        }
        assertThat(robot.value("failures")).as("%s", robot.output()).isZero();
    }

    private static void assertEndsInOrder(ChildJvm robot) throws InterruptedException {
        assertThat(robot.value("sessions")).isZero();
        assertThat(robot.value("storeClosed")).as("%s", robot.output()).isOne();
        assertThat(robot.value("sinkClosed")).isOne();
        assertThat(robot.value("threads")).as("%s", robot.output()).isZero();
        assertThat(robot.exitCode()).isZero();
    }
}
