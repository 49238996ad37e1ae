package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code token}, {@code send} and {@code listen} against {@code serve}, each a process of its own. */
class ShellClientsTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void whatIsSentIsHeardByThoseWhoListenAndByThoseWhoComeLater() throws Exception {
        Served broker = Served.start(programs, folder);
        String token = broker.token();
        Program early = listen(broker, token, "--topic", "battery_voltage", "--topic", "focus", "--count", "2");

        assertThat(send(broker, token, "battery_voltage", "25.10").awaitExit()).isZero();
        assertThat(send(broker, token, "focus", "\"b\u00e4ll\"", "--type", "word", "--name", "f")
                        .awaitExit())
                .isZero();

        assertThat(early.awaitExit()).isZero();
        String voltage = "{\"action\":\"publish\",\"topic\":\"battery_voltage\","
                + "\"data\":{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.10}}";
        assertThat(early.allOut()).hasSize(2).element(0).isEqualTo(voltage);
        assertThat(early.allOut()).element(1).asString().contains("\"name\":\"f\"", "\"type\":\"word\"");

        Program late = listen(broker, token, "--topic", "battery_voltage", "--count", "1");
        assertThat(late.awaitExit()).isZero();
        assertThat(late.allOut()).containsExactly(voltage);
    }

    @Test
    void sendPrintsTheAck() throws Exception {
        Served broker = Served.start(programs, folder);
        Program send = send(broker, broker.token(), "volts", "-5");
        assertThat(send.awaitExit()).isZero();
        assertThat(send.allOut()).singleElement().asString().satisfies(line -> {
            var ack = JsonParser.parseString(line).getAsJsonObject();
            assertThat(ack.get("action").getAsString()).isEqualTo("ack");
            assertThat(ack.get("topic").getAsString()).isEqualTo("volts");
        });
    }

    @Test
    void aTokenLimitsWhatItsOwnerMayDo() throws Exception {
        Served broker = Served.start(programs, folder);
        String token = programs.demoJar(
                        "token",
                        "--secret-file",
                        broker.secret().toString(),
                        "--subject",
                        "operator-3",
                        "--subscribe",
                        "pose",
                        "--publish",
                        "cmd_vel")
                .awaitLine(".");

        assertThat(send(broker, token, "cmd_vel", "{}").awaitExit()).isZero();
        refused(send(broker, token, "pose", "{}"), "forbidden", token);
        refused(listen(broker, token, "--topic", "battery_voltage"), "forbidden", token);
    }

    @Test
    void aTokenCanComeFromAFile() throws Exception {
        Served broker = Served.start(programs, folder);
        Path file = Files.writeString(folder.resolve("token"), broker.token() + "\n");
        Program send = programs.demoJar("send", broker.url(), "volts", "1", "--token-file", file.toString());
        assertThat(send.awaitExit()).isZero();
    }

    @Test
    void tooFewMessagesInTimeAreAFailure() throws Exception {
        Served broker = Served.start(programs, folder);
        Program listen = listen(broker, broker.token(), "--topic", "silence", "--count", "1", "--timeout", "1s");
        assertThat(listen.awaitExit()).isEqualTo(1);
        assertThat(listen.allErr()).containsExactly("robotstream-demo listen: 0 of 1 messages came in time");
    }

    @Test
    void listeningForAWhileIsNone() throws Exception {
        Served broker = Served.start(programs, folder);
        Program listen = listen(broker, broker.token(), "--topic", "silence", "--timeout", "1s");
        assertThat(listen.awaitExit()).isZero();
    }

    @Test
    void theEndOfTheBrokerEndsAListenerWithItsCode() throws Exception {
        Served broker = Served.start(programs, folder);
        String token = broker.token();
        send(broker, token, "volts", "1").awaitExit();
        Program listen = listen(broker, token, "--topic", "volts");
        listen.awaitLine("volts");
        broker.program().terminate();
        assertThat(listen.awaitExit()).isEqualTo(1);
        assertThat(listen.allErr()).singleElement().asString().startsWith("robotstream-demo listen: closed 1001");
    }

    @Test
    void flatFramesNameTheTopic() throws Exception {
        Served broker = Served.start(programs, folder, "--frame", "flat");
        String token = broker.token();
        send(broker, token, "volts", "1.50").awaitExit();
        Program listen = listen(broker, token, "--topic", "volts", "--count", "1");
        assertThat(listen.awaitExit()).isZero();
        assertThat(listen.allOut()).containsExactly("{\"name\":\"volts\",\"type\":\"float\",\"data\":1.50}");
    }

    private static void refused(Program program, String code, String token) throws InterruptedException {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.allOut()).isEmpty();
        assertThat(program.allErr())
                .singleElement()
                .asString()
                .contains("refused: ", code)
                .doesNotContain(token);
    }

    private Program send(Served broker, String token, String topic, String json, String... options) throws Exception {
        return client(new String[] {"send", broker.url(), topic, json, "--token", token}, options);
    }

    private Program listen(Served broker, String token, String... options) throws Exception {
        return client(new String[] {"listen", broker.url(), "--token", token}, options);
    }

    private Program client(String[] command, String... options) throws Exception {
        return programs.demoJar(java.util.stream.Stream.of(command, options)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new));
    }
}
