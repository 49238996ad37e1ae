package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void printsOneLineAndIsGoneWithinSecondsOfSigterm() throws Exception {
        Served broker = Served.start(programs, folder);
        assertThat(broker.url()).matches("ws://127\\.0\\.0\\.1:[1-9][0-9]*/wss");

        broker.program().terminate();
        broker.program().awaitExit();
        assertThat(broker.program().allOut()).containsExactly("listening " + broker.url());
    }

    @Test
    void tellsItsClients1001WhenItEnds() throws Exception {
        Served broker = Served.start(programs, folder);
        try (WireClient client =
                WireClient.connect(URI.create(broker.url() + "?token=" + broker.token()), Optional.empty())) {
            client.send(Frames.subscribe(1, "pose"));
            assertThat(client.next(Program.PATIENCE))
                    .hasValueSatisfying(ack -> assertThat(ack).contains("\"ack\""));

            broker.program().terminate();
            assertThatThrownBy(() -> client.next(Program.PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(1001));
        }
        broker.program().awaitExit();
    }

    @Test
    void keepsMessagesAndItsLogInFiles() throws Exception {
        Path log = folder.resolve("logs/broker.jsonl");
        String[] options = {"--store", folder.resolve("topics").toString(), "--log-file", log.toString()};
        Served first = Served.start(programs, folder, options);
        try (WireClient client =
                WireClient.connect(URI.create(first.url() + "?token=" + first.token()), Optional.empty())) {
            client.send(Frames.publish(1, "pose", "pose", "int", "7"));
            assertThat(client.next(Program.PATIENCE)).isPresent();
        }
        first.program().terminate();
        first.program().awaitExit();

        Served second = Served.start(programs, folder, options);
        try (WireClient client =
                WireClient.connect(URI.create(second.url() + "?token=" + second.token()), Optional.empty())) {
            client.send(Frames.subscribe(1, "pose"));
            client.next(Program.PATIENCE);
            assertThat(client.next(Program.PATIENCE))
                    .hasValueSatisfying(message -> assertThat(message).contains("\"data\":7"));
        }
        assertThat(Files.readString(log)).contains("\"event\":\"broker_started\"", "\"event\":\"client_connected\"");
    }

    @Test
    void listensWhereItIsTold() throws Exception {
        Program serve = programs.demoJar("serve", "--anonymous", "--port", "0", "--path", "/robots/17");
        String url = Served.address(serve);
        assertThat(url).endsWith("/robots/17");
        try (WireClient client = WireClient.connect(URI.create(url), Optional.empty())) {
            client.send(Frames.subscribe(1, "pose"));
            assertThat(client.next(Program.PATIENCE)).isPresent();
        }
    }

    @Test
    void theBytesOfAFileArePublishedAndHeardInBase64() throws Exception {
        byte[] picture = {(byte) 0xff, (byte) 0xd8, 0, '\n', 127, -1};
        Path file = Files.write(folder.resolve("picture.jpg"), picture);
        Served broker = Served.start(programs, folder);
        Program send = programs.demoJar(
                "send",
                broker.url(),
                "front",
                "--binary",
                file.toString(),
                "--type",
                "image/jpeg",
                "--token",
                broker.token());
        assertThat(send.awaitExit()).isZero();
        assertThat(send.allOut()).singleElement().asString().contains("\"ack\"");
        Program listen =
                programs.demoJar("listen", broker.url(), "--topic", "front", "--count", "1", "--token", broker.token());
        assertThat(listen.awaitExit()).isZero();
        assertThat(listen.allOut())
                .containsExactly("{\"action\":\"publish\",\"topic\":\"front\",\"data\":{\"name\":\"front\","
                        + "\"type\":\"image/jpeg\",\"data\":\""
                        + Base64.getEncoder().encodeToString(picture) + "\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo"})
    void aPortThatIsTakenIsAFailureToldInOneLineWithTheRemedy(String command) throws Exception {
        Served first = Served.start(programs, folder);
        String port = Integer.toString(URI.create(first.url()).getPort());
        Program second = programs.demoJar(command, "--anonymous", "--port", port);
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.allOut()).isEmpty();
        assertThat(second.allErr())
                .singleElement()
                .asString()
                .startsWith("robotstream-demo " + command + ": cannot listen on 127.0.0.1, port " + port + ": ")
                .contains("a port that no other program has", "--port names another", "--port 0");
    }

    @Test
    void withoutAWayInItIsWrongUse() throws Exception {
        Program serve = programs.demoJar("serve", "--port", "0");
        assertThat(serve.awaitExit()).isEqualTo(2);
        assertThat(serve.allErr()).element(0).asString().contains("--secret-file", "--anonymous");
    }

    @Test
    void theVersionIsThatOfTheJar() throws Exception {
        Program version = programs.demoJar("--version");
        assertThat(version.awaitExit()).isZero();
        assertThat(version.allOut()).singleElement().asString().matches("robotstream-demo [0-9]+\\.[0-9]+\\.[0-9]+.*");
    }
}
