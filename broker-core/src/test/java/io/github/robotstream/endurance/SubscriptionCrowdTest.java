package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sixty-four sessions with as many of the longest filters as they may have, and a heap of 64 MiB. */
@Timeout(180)
class SubscriptionCrowdTest {
    private static final int SESSIONS = 64;
    private static final int FILTERS = 256;
    private static final int AT_ONCE = 32; // of each session
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<SocketTestClient> clients = new ArrayList<>();

    @Test
    void subscriptionsOfACrowdTakeNoMoreMemoryThanTheyMayAndLeaveRoomForOthers() throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        try (ChildJvm robot = ChildJvm.start(SubscriptionCrowdBroker.class, options)) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            for (int i = 0; i < SESSIONS; i++) {
                clients.add(SocketTestClient.connect(address));
            }
            List<List<String>> answers = new ArrayList<>();
            clients.forEach(client -> answers.add(new ArrayList<>()));
            for (int from = 0; from < FILTERS; from += AT_ONCE) {
                for (int session = 0; session < SESSIONS; session++) {
                    // Whoever goes on after errors is closed.
                    if (answers.get(session).stream().allMatch(answer -> answer.contains("\"ack\""))) {
                        answers.get(session).addAll(subscribe(session, from));
                    }
                }
            }
            assertThat(answers.get(0).subList(0, 2))
                    .as("of each session the first")
                    .allMatch(a -> a.contains("\"ack\""));
            assertThat(answers.get(SESSIONS - 1))
                    .filteredOn(answer -> !answer.contains("\"ack\""))
                    .first(as(InstanceOfAssertFactories.STRING))
                    .contains("\"too_many_subscriptions\"")
                    .contains("memory");

            SocketTestClient honest = SocketTestClient.connect(address);
            clients.add(honest);
            for (int i = 0; i < 10; i++) {
                honest.send(Requests.subscribe("robot/arm/left/joint/" + i, i));
                assertThat(honest.next(PATIENCE)).contains("\"ack\"");
            }
            honest.send(Requests.subscribe(SubscriptionCrowdBroker.POSE.name()));
            for (int i = 0; i < 10; i++) {
                assertThat(honest.next(PATIENCE)).contains("\"pose\"");
            }
            robot.goOn();
            assertThat(robot.exitCode()).as("%s", robot.output()).isZero();
            assertThat(robot.value("died")).isZero();
        } finally {
            clients.forEach(SocketTestClient::close);
        }
    }

    /** As many levels as there may be, all of them another session's or filter's. */
    private static String filter(int session, int number) {
        String level = "/" + Integer.toString(SESSIONS * number + session, 36);
        return "x" + level.repeat(30) + "/" + "y".repeat(200 - 2 - 30 * level.length());
    }

    /** Some more subscriptions of a session, and what it is told until all are done: requests that wait have a budget of their own. */
    private List<String> subscribe(int session, int from) {
        SocketTestClient client = clients.get(session);
        for (int i = from; i < from + AT_ONCE; i++) {
            client.send(Requests.subscribe(filter(session, i), i));
        }
        client.send("{\"action\":\"hello\",\"id\":\"done\"}");
        List<String> answers = new ArrayList<>();
        String answer = client.next(PATIENCE);
        while (!answer.contains("\"done\"")) {
            answers.add(answer);
            answer = client.next(PATIENCE);
        }
        return answers;
    }
}
