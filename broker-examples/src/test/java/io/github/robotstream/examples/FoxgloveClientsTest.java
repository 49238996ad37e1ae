package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.NodePackages;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients of Foxglove's subprotocol as they come from npm, at the demo. */
class FoxgloveClientsTest {
    private static final String EXAMPLES = "@foxglove/ws-protocol-examples";
    private static final List<String> NODE_NEEDS = List.of("@foxglove/ws-protocol", "ws");
    private static final String MAIN = "dist/cjs/ws-protocol-examples/src/index.js";

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Program demo;
    private String url;

    @BeforeEach
    void startTheDemo() throws Exception {
        demo = programs.demoJar("--port", "0");
        url = Served.address(demo) + "?token=" + demo.awaitLine("token ").replaceFirst("^token ", "");
    }

    @Test
    void theSimpleClientShowsTheRobot() throws Exception {
        Program client = NodePackages.command(programs, EXAMPLES, MAIN, "simple-client", url);

        client.awaitLine("a pose", line -> line.contains("data: { x: "));
        client.awaitLine("a wrapped number", line -> line.matches(".*data: \\{ value: 2\\d.*"));
        client.awaitLine("an entry of the log", line -> line.contains("name: 'client_connected'"));
    }

    @Test
    void theRecorderHasEachMessageOnceAndInOrder() throws Exception {
        Path recording = folder.resolve("robot.mcap");
        Program recorder =
                NodePackages.command(programs, EXAMPLES, MAIN, "mcap-record", "-n", "-o", recording.toString(), url);
        awaitSubscriptionTo("velocity"); // the last channel
        NodePackages.script(programs, "foxglove-drive.cjs", NODE_NEEDS, url).awaitLine("driven");
        demo.terminate(); // at which the recorder writes the end of its file
        assertThat(recorder.awaitExit()).isZero();

        Program check = NodePackages.script(programs, "mcap-check.cjs", List.of("@mcap/core"), recording.toString());
        assertThat(check.awaitExit()).as("%s", check.allErr()).isZero();
        assertThat(check.allOut())
                .allSatisfy(line -> assertThat(line).matches("topic .* faults 0|end true"))
                .anySatisfy(line -> assertThat(line).matches("topic pose json Pose \\d{2,} faults 0"))
                .anySatisfy(line -> assertThat(line).matches("topic joint_states json JointStates \\d{2,} faults 0"))
                .anySatisfy(line -> assertThat(line).matches("topic server_logs json foxglove.Log \\d+ faults 0"))
                .contains("end true");
    }

    @Test
    void aPictureIsReadByItsDescriptors() throws Exception {
        Topic<ByteBuffer> camera = Topic.binary("camera", "image/jpeg");
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.none().subscribe("camera"))
                .start()) {
            broker.publish(camera, ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2}));
            String address = "ws://127.0.0.1:" + broker.address().getPort() + "/wss";
            Program client = NodePackages.command(programs, EXAMPLES, MAIN, "simple-client", address);

            client.awaitLine("format: 'jpeg'");
            client.awaitLine("[ 255, 216, 1, 2 ]");
        }
    }

    private void awaitSubscriptionTo(String topic) throws Exception {
        try (WireClient logs = WireClient.connect(URI.create(url), Optional.empty())) {
            logs.send(Frames.subscribe(1, "server_logs"));
            String wanted = "\"topic\":\"" + topic + "\"}";
            String frame = "";
            while (!frame.contains("\"subscribed\"") || !frame.contains(wanted)) {
                frame = logs.next(Program.PATIENCE).orElseThrow();
            }
        }
    }

    @Test
    void aClientCallsTheRobotToItsDock() throws Exception {
        Program client = NodePackages.script(
                programs, "foxglove-call.cjs", NODE_NEEDS, url, "robot.dock", "{\"speed\":0.5}", "robot.fly", "{}");

        client.awaitLine("closed 1005");
        assertThat(client.allOut())
                .containsExactly(
                        "server time,clientPublish,services json",
                        "schema robot.dock_Request jsonschema"
                                + " {\"type\":\"object\",\"properties\":{\"speed\":{\"type\":\"number\"}}}",
                        "schema robot.dock_Response jsonschema"
                                + " {\"type\":\"object\",\"properties\":{\"docked\":{\"type\":\"boolean\"}}}",
                        "answer robot.dock json {\"docked\":true}",
                        "failure robot.fly unknown_service: there is no service 4711 now",
                        "closed 1005");
    }

    @Test
    void aClientCallsWhatItMayAndIsToldWhyNot() throws Exception {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.none().call("arm/#"))
                .handle("arm/count", Integer.class, Integer.class, (number, call) -> {
                    call.progress("half");
                    return number + 1;
                })
                .handle("legs/count", Integer.class, Integer.class, (number, call) -> 4)
                .start()) {
            String address = "ws://127.0.0.1:" + broker.address().getPort() + "/wss";
            Program client = NodePackages.script(
                    programs,
                    "foxglove-call.cjs",
                    NODE_NEEDS,
                    address,
                    "arm/count",
                    "{\"value\":41}",
                    "arm/count",
                    "{\"value\":\"many\"}",
                    "legs/count",
                    "{\"value\":1}");

            client.awaitLine("closed 1005");
            assertThat(client.allOut())
                    .noneMatch(line -> line.contains("legs/count_"))
                    .noneMatch(line -> line.startsWith("status") || line.startsWith("wrong"))
                    .contains(
                            "server time,services json",
                            "answer arm/count json {\"value\":42}",
                            "failure legs/count unknown_service: there is no service 4711 now")
                    .anyMatch(line -> line.startsWith("failure arm/count type_mismatch: "));
        }
    }

    @Test
    void aClientDrivesTheRobotAndHearsOfNoFault() throws Exception {
        Program client = NodePackages.script(programs, "foxglove-drive.cjs", NODE_NEEDS, url);

        client.awaitLine("driven");
        assertThat(client.awaitExit()).isZero();
        assertThat(client.allOut())
                .noneMatch(line -> line.startsWith("status") || line.startsWith("wrong") || line.startsWith("error"))
                .anyMatch(line -> line.endsWith("time,clientPublish,services json"))
                .contains(
                        "channel pose json Pose {\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"number\"},"
                                + "\"y\":{\"type\":\"number\"},\"heading\":{\"type\":\"number\"}}}",
                        "closed 1005");
    }
}
