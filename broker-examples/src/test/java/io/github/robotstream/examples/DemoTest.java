package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static final String DRIVE = "{\"linear\":0.5,\"angular\":0.2}";

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void theRobotDrivesAsItIsToldAndStopsWhenNobodyCommands() throws Exception {
        Program demo = programs.demoJar("--port", "0");
        try (WireClient client = connect(demo)) {
            client.send(Frames.subscribe(1, "pose"));
            client.send(Frames.subscribe(2, "velocity"));
            assertThat(x(awaitValue(client, "pose", pose -> true))).isZero();

            client.send(Frames.publish(3, "cmd_vel", "cmd_vel", "Twist", DRIVE));
            awaitValue(client, "pose", pose -> x(pose) > 0.05);
            awaitValue(client, "velocity", velocity -> linear(velocity) == 0);
        }
    }

    @Test
    void theRobotStopsWhenWhoDrivesItHasLeft() throws Exception {
        Program demo = programs.demoJar("--port", "0");
        try (WireClient client = connect(demo)) {
            client.send(Frames.subscribe(1, "server_logs"));
            try (WireClient driver = connect(demo)) {
                driver.send(Frames.publish(2, "cmd_vel", "cmd_vel", "Twist", DRIVE));
                nextFrame(driver);
            }
            String stopped = awaitValue(
                            client, "server_logs", entry -> entry.toString().contains("safe_value"))
                    .toString();
            assertThat(stopped).contains("\"reason\":\"left\"");
        }
    }

    @Test
    void theRobotDrivesBackWhenItIsCalledToItsDock() throws Exception {
        Program demo = programs.demoJar("--port", "0");
        try (WireClient client = connect(demo)) {
            client.send(Frames.subscribe(1, "pose"));
            client.send(Frames.publish(2, "cmd_vel", "cmd_vel", "Twist", DRIVE));
            awaitValue(client, "pose", pose -> x(pose) > 0.1);
            client.send(
                    "{\"action\":\"call\",\"id\":3,\"service\":\"robot.dock\",\"data\":{\"speed\":1},\"timeout_ms\":60000}");
            JsonObject reply = nextFrame(client);
            while (!(reply.has("service") && reply.get("action").getAsString().equals("ack"))) {
                reply = nextFrame(client);
            }
            assertThat(reply.get("data")).hasToString("{\"docked\":true}");
            awaitValue(client, "pose", pose -> Math.abs(x(pose)) < 0.1);
        }
    }

    @Test
    void nobodySaysInItsPlaceWhereTheRobotIs() throws Exception {
        Program demo = programs.demoJar("--port", "0", "--anonymous");
        Program send = programs.demoJar("send", Served.address(demo), "pose", "{\"x\":1}", "--type", "Pose");
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.allErr()).singleElement().asString().contains("pose belongs to the robot");
    }

    @Test
    void whoHoldsTheLeaseDrivesAloneAndSendGoesOnForAsLongAsItIsTold() throws Exception {
        Program demo = programs.demoJar("--port", "0", "--anonymous");
        String[] drive = {"send", Served.address(demo), "cmd_vel", DRIVE, "--type", "Twist", "--for", "1s"};
        try (WireClient holder = WireClient.connect(URI.create(Served.address(demo)), Optional.empty())) {
            holder.send("{\"action\":\"acquire\",\"topic\":\"cmd_vel\",\"id\":1,\"ttl_ms\":60000}");
            nextFrame(holder);
            Program refused = programs.demoJar(drive);
            assertThat(refused.awaitExit()).isEqualTo(1);
            assertThat(refused.allErr()).singleElement().asString().contains("lease_held");
        }
        Program drives = programs.demoJar(drive);
        assertThat(drives.awaitExit()).isZero();
        assertThat(drives.allOut()).singleElement().asString().containsPattern("\"seq\":([6-9]|1\\d),");
    }

    @Test
    void theRobotTellsAllThatItPromises() throws Exception {
        Program demo = programs.demoJar("demo", "--port", "0");
        Set<String> awaited = new TreeSet<>(Set.of(
                "battery_voltage", "pose", "joint_states", "velocity", "is_balancing", "current_focus", "server_logs"));
        try (WireClient client = connect(demo)) {
            int id = 0;
            for (String topic : awaited) {
                client.send(Frames.subscribe(++id, topic));
            }
            while (!awaited.isEmpty()) {
                awaited.remove(topic(nextFrame(client)));
            }
        }
    }

    @Test
    void aCommandOfAnotherTypeIsRefused() throws Exception {
        Program demo = programs.demoJar("--port", "0");
        Program send = programs.demoJar("send", Served.address(demo), "cmd_vel", "0.5", "--token", token(demo));
        assertThat(send.awaitExit()).isEqualTo(1);
        assertThat(send.allErr()).singleElement().asString().contains("type_mismatch");
    }

    @Test
    void theRobotIsGoneWithinSecondsOfSigterm() throws Exception {
        Program demo = programs.demoJar("--port", "0", "--anonymous");
        Served.address(demo);
        demo.terminate();
        demo.awaitExit();
        assertThat(demo.allErr()).noneMatch(line -> line.startsWith("\tat "));
        assertThat(demo.allOut()).noneMatch(line -> line.startsWith("token "));
    }

    @Test
    void theRobotGoesOnWhereItsFilesEndAndWritesItsLog() throws Exception {
        Path log = folder.resolve("logs/robot.jsonl");
        String[] options = {
            "demo", "--port", "0", "--store", folder.resolve("topics").toString(), "--log-file", log.toString()
        };
        Program first = programs.demoJar(options);
        JsonObject before = metaOf(first, "battery_voltage");
        first.terminate();
        first.awaitExit();

        JsonObject after = metaOf(programs.demoJar(options), "battery_voltage");
        assertThat(after.get("epoch")).isEqualTo(before.get("epoch"));
        assertThat(after.get("seq").getAsLong())
                .isGreaterThanOrEqualTo(before.get("seq").getAsLong());
        assertThat(Files.readString(log)).contains("\"event\":\"broker_started\"", "\"event\":\"client_connected\"");
    }

    /** Number and epoch of a topic's newest message. */
    private static JsonObject metaOf(Program demo, String topic) throws Exception {
        try (WireClient client = connect(demo)) {
            client.send("{\"action\":\"subscribe\",\"topic\":\"" + topic + "\",\"options\":{\"meta\":true}}");
            JsonObject frame = nextFrame(client);
            while (!topic(frame).equals(topic)) {
                frame = nextFrame(client);
            }
            return frame;
        }
    }

    @Test
    void itTellsTheAddressOfThePageWithTheTokenInTheFragment() throws Exception {
        Program demo = programs.demoJar("--port", "0");
        URI page = URI.create(demo.awaitLine("open ").replaceFirst("^open ", ""));
        assertThat(page.getFragment()).isEqualTo("token=" + token(demo));
        assertThat(page.getQuery()).isNull();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).contains("robotstream-socket");
    }

    private static WireClient connect(Program demo) throws Exception {
        return WireClient.connect(URI.create(Served.address(demo) + "?token=" + token(demo)), Optional.empty());
    }

    private static String token(Program demo) throws InterruptedException {
        return demo.awaitLine("token ").replaceFirst("^token ", "");
    }

    private static JsonElement awaitValue(WireClient client, String topic, Predicate<JsonElement> wanted)
            throws Exception {
        long deadline = System.nanoTime() + Program.PATIENCE.toNanos();
        JsonElement last = null;
        while (System.nanoTime() < deadline) {
            JsonObject frame = nextFrame(client);
            if (topic(frame).equals(topic)) {
                last = frame.getAsJsonObject("data").get("data");
                if (wanted.test(last)) {
                    return last;
                }
            }
        }
        throw new AssertionError(topic + " did not come to be as wanted, it is " + last);
    }

    private static JsonObject nextFrame(WireClient client) throws Exception {
        JsonObject frame = JsonParser.parseString(client.next(Program.PATIENCE).orElseThrow())
                .getAsJsonObject();
        assertThat(frame.get("action").getAsString()).isNotEqualTo("error");
        return frame;
    }

    private static String topic(JsonObject frame) {
        return frame.get("action").getAsString().equals("publish")
                ? frame.get("topic").getAsString()
                : "";
    }

    private static double x(JsonElement pose) {
        return pose.getAsJsonObject().get("x").getAsDouble();
    }

    private static double linear(JsonElement velocity) {
        return velocity.getAsJsonObject().get("linear").getAsDouble();
    }
}
