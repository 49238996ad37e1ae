package io.github.robotstream.examples;

import static io.github.robotstream.examples.testing.CompiledSnippet.IMPORTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.examples.testing.CompiledSnippet;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.Readme;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README shows in Java can be pasted into a program. */
class ReadmeJavaTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    static List<String> blocks() throws IOException {
        return Readme.blocks("java");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void compiles(String block) {
        assertThat(CompiledSnippet.compileShown(block, folder)).isEmpty();
    }

    @Test
    void theTestOfAControlLoopPasses() throws Exception {
        String block = blocks().stream()
                .filter(b -> b.contains("TestBroker.start"))
                .findFirst()
                .orElseThrow();
        assertThat(complaints(block)).isEmpty();
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> shown = classes.loadClass("DriveTest");
            Constructor<?> constructor = shown.getDeclaredConstructor();
            constructor.setAccessible(true);
            List<Method> tests = Arrays.stream(shown.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .toList();
            assertThat(tests).isNotEmpty();
            for (Method test : tests) {
                test.setAccessible(true);
                test.invoke(constructor.newInstance());
            }
        }
    }

    @Test
    void theFiveLinesTellTheirClients1001AtSigterm() throws Exception {
        Secret secret = Secret.random();
        String block = blocks().get(0);
        assertThat(block).contains("RobotStreamBroker.builder()", "broker.awaitClose();");
        String onAnyPort = block.replace("builder()", "builder().port(0)")
                .replace(
                        "broker.awaitClose();", "System.out.println(broker.address().getPort()); broker.awaitClose();");
        assertThat(complaints("class Example { public static void main(String[] args) throws Exception {\n"
                        + "byte[] secret = HexFormat.of().parseHex(args[0]);\n" + onAnyPort + "\n} }"))
                .isEmpty();
        Program robot = programs.start(
                "example",
                List.of(
                        Programs.java(),
                        "-cp",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        "Example",
                        HexFormat.of().formatHex(secret.bytes())),
                Map.of());
        String port = robot.awaitLine("a port", line -> line.matches("\\d+"));
        String token = new TokenMint(secret, Clock.systemUTC()).mint("me", Duration.ofHours(1));
        try (WireClient client =
                WireClient.connect(URI.create("ws://127.0.0.1:" + port + "/wss?token=" + token), Optional.empty())) {
            client.send(Frames.subscribe(1, "battery_voltage"));
            assertThat(client.next(Program.PATIENCE))
                    .hasValueSatisfying(ack -> assertThat(ack).contains("\"ack\""));
            assertThat(client.next(Program.PATIENCE))
                    .hasValueSatisfying(message -> assertThat(message).contains("25.1"));
            robot.terminate();
            assertThatThrownBy(() -> client.next(Program.PATIENCE))
                    .isInstanceOfSatisfying(
                            ConnectionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(1001));
        }
        robot.awaitExit();
    }

    @Test
    void whatDoesNotCompileIsNoticed() {
        assertThat(CompiledSnippet.compileShown("broker.publish(1);", folder)).isNotEmpty();
    }

    private List<String> complaints(String source) {
        return CompiledSnippet.compile(IMPORTS + source, folder);
    }
}
