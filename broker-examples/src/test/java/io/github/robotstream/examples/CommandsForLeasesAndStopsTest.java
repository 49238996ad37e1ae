package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands of the jar and of the Python package drive a topic that needs a lease, and stop the robot. */
class CommandsForLeasesAndStopsTest {
    private static final Topic<Double> DRIVE = Topic.command("drive", Double.class);
    private static final Topic<Boolean> STOP = Topic.state("stop", Boolean.class);
    private static final Path PYTHON = Path.of("clients", "python").toAbsolutePath();

    @RegisterExtension
    final Programs programs = new Programs();

    private final Queue<Double> driven = new ConcurrentLinkedQueue<>();
    private RobotStreamBroker broker;
    private String url;

    @BeforeEach
    void start() throws Exception {
        broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .topic(
                        DRIVE,
                        topic -> topic.watchdog(Duration.ofMinutes(1), 0.0).requireLease())
                .topic(STOP, topic -> topic.stop(true))
                .start();
        broker.subscribe(DRIVE, driven::add);
        url = "ws://127.0.0.1:" + broker.address().getPort() + "/";
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private static int java(StringWriter out, String... command) {
        PrintWriter to = new PrintWriter(out, true);
        return RobotStreamDemo.run(to, to, command);
    }

    private Program python(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(RealClients.pythonOrSkip("websockets"), "-m", "robotstream"));
        line.addAll(List.of(command));
        return programs.start("python", line, Map.of("PYTHONPATH", PYTHON.toString(), "PYTHONDONTWRITEBYTECODE", "1"));
    }

    private void assertDrivenAndLetGo() {
        assertThat(driven).first().isEqualTo(0.5);
        // The safe value, since the lease was given back; listeners have a thread of their own.
        await().atMost(Program.PATIENCE)
                .untilAsserted(() -> assertThat(driven).last().isEqualTo(0.0));
        assertThat(driven).hasSizeGreaterThan(2);
    }

    @Test
    void sendOfTheJarTakesTheLeaseAndGivesItBack() {
        StringWriter out = new StringWriter();
        assertThat(java(out, "send", url, "drive", "0.5", "--for", "1s"))
                .as("%s", out)
                .isZero();
        assertDrivenAndLetGo();
    }

    @Test
    void sendOfThePythonPackageTakesTheLeaseAndGivesItBack() throws Exception {
        Program send = python("send", url, "drive", "0.5", "--for", "0.3");
        assertThat(send.awaitExit()).as("%s", send.allErr()).isZero();
        assertDrivenAndLetGo();
    }

    @Test
    void stopOfTheJarStopsTheRobot() {
        StringWriter out = new StringWriter();
        assertThat(java(out, "stop", url)).as("%s", out).isZero();
        assertThat(out).asString().contains("\"topics\":[\"stop\"]");
        assertThat(broker.latest(STOP)).contains(true);
    }

    @Test
    void stopOfThePythonPackageStopsTheRobot() throws Exception {
        assertThat(python("stop", url).awaitExit()).isZero();
        assertThat(broker.latest(STOP)).contains(true);
    }
}
