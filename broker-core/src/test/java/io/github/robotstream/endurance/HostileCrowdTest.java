package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.testing.Campaign;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.NumberedMessages;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hundred hostile clients of all kinds at once, and a heap of 64 MiB. The control loop never waits, a client that reads gets
 * everything in order, the commands of another arrive, and safe values are heard in time. In the end nothing is left of the crowd. {@code
 * -Drobotstream.crowd.seconds=60} keeps each crowd up for a minute.
 */
@Timeout(300)
class HostileCrowdTest {
    private static final Duration TIME = Duration.ofSeconds(Campaign.length("crowd.seconds", 1, 5));
    private static final Duration PATIENCE = TIME.plusMinutes(2);
    private static final int CROWD = 200;
    private static final int LEAST_COMMANDS = 20;
    private static final long SLOWEST_PUBLISH_MICROS = 1_000_000; // ten times what the loop could bear
    private static final long SLOWEST_SAFE_VALUE_MILLIS =
            10 * (WatchedTopic.SILENCE.toMillis() + 20); // ten times the promise
    private static final long RETAINED = 8 << 20; // an eighth of the heap, that stays for those who come later
    private static final long SLACK = 8 << 20;

    /** So that a machine with other work loses nothing of a client that reads, but whoever fills or empties queues does. */
    private static final String WHATEVER_THEIR_AGE = "{\"action\":\"subscribe\",\"id\":1,\"topic\":\""
            + HostileCrowdBroker.POSE.name() + "\",\"options\":{\"policy\":\"queue\",\"queue\":1024}}";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"false, ENVELOPE", "false, FLAT", "true, ENVELOPE"})
    void nobodyIsHarmedByACrowdOfAllKinds(boolean tls, FrameStyle style) throws Exception {
        try (ChildJvm robot = amid(tls, style, Hostility.values())) {
            // Else it was no test of them.
            assertThat(robot.value("peakSessions")).isGreaterThan(CROWD / 4);
            assertThat(robot.value("queuesShed")).isPositive();
            assertThat(robot.value("overloaded")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsHarmedByACrowdThatReadsNoRepliesAndSendsLargeRequests(FrameStyle style) throws Exception {
        amid(false, style, Hostility.LARGE_REQUESTS_WITHOUT_READING_REPLIES).close();
    }

    /** A robot that has been amid such a crowd, and took no harm. */
    private ChildJvm amid(boolean tls, FrameStyle style, Hostility... kinds) throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        ChildJvm robot = ChildJvm.start(HostileCrowdBroker.class, options, tls ? files() : new String[0]);
        try {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            SocketTestClient healthy = request(address, tls, style, "healthy").connect();
            healthy.send(WHATEVER_THEIR_AGE);
            assertThat(healthy.next()).contains("\"ack\"");
            SocketTestClient operator = request(address, tls, style, "operator").connect();
            robot.goOn();
            robot.value("goes");
            NumberedMessages messages = new NumberedMessages(healthy, "data");
            long commands = commandsAmid(crowd(address.getPort(), tls, style, kinds), operator, messages);
            robot.goOn();
            long published = robot.value("published");
            messages.readUntil(published);
            robot.goOn();

            assertThat(robot.exitCode()).isZero();
            assertThat(messages.received() + robot.value("lostToAll")).isEqualTo(published);
            assertThat(robot.value("commands")).isEqualTo(commands);
            assertNobodyHarmed(robot);
            return robot;
        } catch (AssertionError | IOException | UncheckedIOException harm) {
            robot.close();
            throw new AssertionError("harm was done: " + robot.output(), harm);
        }
    }

    /** In a process of lower priority: what is measured is what it takes from others by way of the broker, and not of the processor. */
    private ChildJvm crowd(int port, boolean tls, FrameStyle style, Hostility... kinds) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                Integer.toString(port), style.name(), tls ? certificate().toString() : "", Integer.toString(CROWD)));
        for (Hostility kind : kinds) {
            arguments.add(kind.name());
        }
        return ChildJvm.startWithLowerPriority(HostileCrowdProgram.class, arguments.toArray(String[]::new));
    }

    /** Sends commands, each when the one before is acknowledged, until the crowd has done enough; how many. */
    private static long commandsAmid(ChildJvm crowd, TestClient operator, NumberedMessages healthy) throws Exception {
        long begin = System.nanoTime();
        long enough = 0;
        long sent = 0;
        try (crowd) {
            while (sent < LEAST_COMMANDS || enough == 0 || System.nanoTime() - enough < TIME.toNanos()) {
                command(operator, ++sent);
                healthy.readWhatIsHere(); // it keeps up
                if (enough == 0 && crowd.hasTold("enough")) {
                    enough = System.nanoTime();
                }
                assertThat(System.nanoTime() - begin).as("the crowd's time").isLessThan(PATIENCE.toNanos());
            }
            crowd.goOn();
            assertThat(crowd.exitCode()).as("%s", crowd.output()).isZero();
        }
        return sent;
    }

    private static void command(TestClient operator, long number) {
        String command = Requests.publish(HostileCrowdBroker.COMMAND.name(), Long.toString(number), (int) number);
        operator.send(command.replace("\"any\"", "\"int\""));
        assertThat(operator.next()).contains("\"ack\"");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }

    private static void assertNobodyHarmed(ChildJvm robot) throws InterruptedException {
        assertThat(robot.value("disorder")).isZero();
        assertThat(robot.value("lostByHealthy")).isZero();
        assertThat(robot.value("refused")).isZero();
        assertThat(robot.value("waits")).as("the control loop's").isZero();
        assertThat(robot.value("slowestMicros")).isLessThan(SLOWEST_PUBLISH_MICROS);
        assertThat(robot.value("safeValues")).isPositive().isEqualTo(robot.value("episodes"));
        assertThat(robot.value("safeValueMillis")).isLessThan(SLOWEST_SAFE_VALUE_MILLIS);
        assertThat(robot.value("faults")).as("%s", robot.output()).isZero();
        assertThat(robot.value("dead")).as("threads").isZero();
        assertThat(robot.value("sessions")).isEqualTo(HostileCrowdBroker.HEALTHY);
        assertThat(robot.value("descriptors")).as("more than before").isLessThan(10);
        assertThat(robot.value("heapAfter")).isLessThan(robot.value("heapBefore") + RETAINED + SLACK);
        assertThat(robot.value("accounted")).isEqualTo(robot.value("offered"));
    }

    private SocketTestClient.Request request(InetSocketAddress address, boolean tls, FrameStyle style, String subject) {
        SocketTestClient.Request request = HostileCrowdProgram.request(address, style, subject);
        return tls ? request.through(TestCertificate.SHARED.clientSockets()) : request;
    }

    private String[] files() throws IOException {
        Path key = Files.writeString(directory.resolve("key.pem"), TestCertificate.SHARED.keyPem());
        return new String[] {certificate().toString(), key.toString()};
    }

    private Path certificate() throws IOException {
        return Files.writeString(directory.resolve("it.pem"), TestCertificate.SHARED.certificatePem());
    }
}
