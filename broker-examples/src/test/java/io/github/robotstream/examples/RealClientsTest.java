package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.Message;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.Readme;
import io.github.robotstream.examples.testing.RealClients;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The README's clients, as they are printed there but for address, scheme, token and topic. */
class RealClientsTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void theReadmeExampleReceivesTheServerLogs(RealClients client) throws Exception {
        Served broker = Served.start(programs, folder);
        Program example = client.readmeExample(programs, folder, broker.url(), broker.token(), "server_logs");

        JsonObject frame = message(example, "server_logs");
        assertThat(frame.keySet()).containsExactlyInAnyOrder("action", "topic", "data");
        assertThat(frame.getAsJsonObject("data").keySet()).containsExactlyInAnyOrder("name", "type", "data");

        broker.program().terminate();
        assertThat(example.awaitExit()).isZero();
    }

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void theReadmeExampleWorksThroughTlsWithTheVariableThatTheReadmeNames(RealClients client) throws Exception {
        Certified robot = Certified.make(programs, folder, "robot", "127.0.0.1");
        Served broker = Served.start(programs, folder, robot.options());
        Program example = client.readmeExample(programs, robot, folder, broker.url(), broker.token(), "server_logs");

        assertThat(message(example, "server_logs").has("data")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void theReadmeExampleReceivesWhatJavaPublishes(RealClients client) throws Exception {
        Secret secret = Secret.random();
        try (RobotStreamBroker broker = embedded(secret)) {
            Program example = client.readmeExample(programs, folder, url(broker), token(secret), "battery_voltage");
            broker.publish(Topic.state("battery_voltage", "float", Double.class), 25.1);

            assertThat(message(example, "battery_voltage"))
                    .isEqualTo(JsonParser.parseString("{\"action\":\"publish\",\"topic\":\"battery_voltage\","
                            + "\"data\":{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}}"));
        }
    }

    @ParameterizedTest
    @CsvSource({"PYTHON,NODE_WS", "NODE_WS,PYTHON", "PYTHON,NODE_OWN", "NODE_OWN,PYTHON"})
    void theReadmeExampleReceivesWhatTheOtherClientPublishes(RealClients publisher, RealClients subscriber)
            throws Exception {
        Served broker = Served.start(programs, folder);
        String token = broker.token();
        Program example = subscriber.readmeExample(programs, folder, broker.url(), token, "greeting");
        String value = "{\"text\":\"gr\\u00fc\\u00df dich\",\"n\":[1,2.5,null]}";
        assertThat(publisher
                        .publish(programs, broker.url(), token, "greeting", value)
                        .awaitExit())
                .isZero();

        assertThat(message(example, "greeting").getAsJsonObject("data").get("data"))
                .isEqualTo(JsonParser.parseString(value));
    }

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void javaReceivesWhatClientsPublish(RealClients client) throws Exception {
        BlockingQueue<Message> heard = new ArrayBlockingQueue<>(10);
        Secret secret = Secret.random();
        try (RobotStreamBroker broker = embedded(secret)) {
            broker.subscribe(TopicFilter.of("greeting"), heard::add);
            Program publish = client.publish(programs, url(broker), token(secret), "greeting", "{\"n\":1}");
            assertThat(publish.awaitExit()).isZero();

            Message message = heard.poll(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(message.publisher()).isEqualTo("tester");
            assertThat(JsonParser.parseString(message.payload().json())).isEqualTo(JsonParser.parseString("{\"n\":1}"));
        }
    }

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void clientsAreTold1001WhenTheBrokerEnds(RealClients client) throws Exception {
        Served broker = Served.start(programs, folder);
        Program watch = client.watch(programs, broker.url(), broker.token());
        watch.awaitLine("open");
        broker.program().terminate();
        watch.awaitLine("closed 1001");
    }

    @Test
    void theReadmeHasBothExamples() throws Exception {
        for (String language : new String[] {"python", "javascript"}) {
            assertThat(Readme.client(language, "ws://x", "t", "server_logs"))
                    .contains("ws://x?token=", "server_logs")
                    .doesNotContain("8765");
        }
    }

    private static JsonObject message(Program example, String topic) throws InterruptedException {
        String line = example.awaitLine(
                "a message on " + topic, l -> l.contains("{\"action\"") && l.contains("\"topic\":\"" + topic + "\""));
        JsonElement frame = JsonParser.parseString(line.substring(line.indexOf('{')));
        return frame.getAsJsonObject();
    }

    private static RobotStreamBroker embedded(Secret secret) throws Exception {
        return RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(secret.bytes()).build())
                .start();
    }

    private static String token(Secret secret) {
        return new TokenMint(secret, Clock.systemUTC()).mint("tester", Duration.ofHours(1));
    }

    private static String url(RobotStreamBroker broker) {
        return "ws://127.0.0.1:" + broker.address().getPort() + "/wss";
    }
}
