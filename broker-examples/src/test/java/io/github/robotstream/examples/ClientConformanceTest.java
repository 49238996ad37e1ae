package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that people install, each through all that {@code clients/conformance} does to them. */
class ClientConformanceTest {
    private static final Path SCRIPT =
            Path.of("clients", "conformance", "conformance.py").toAbsolutePath();
    private static final List<String> CLIENTS = List.of("python", "java", "javascript");

    @RegisterExtension
    final Programs programs = new Programs();

    static Stream<String> scenarios() throws IOException {
        return Pattern.compile("(?m)^@scenario\\Rasync def (\\w+)\\(")
                .matcher(Files.readString(SCRIPT))
                .results()
                .map(found -> found.group(1));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void eachClientDoesWhatTheProtocolAsksOfIt(String scenario) throws Exception {
        List<Program> scripts = new ArrayList<>(); // all at once, since they wait most of the time
        for (String client : CLIENTS) {
            scripts.add(start(client, scenario));
        }
        for (Program script : scripts) {
            assertThat(script.awaitExit()).isZero();
            script.awaitLine(" ok ");
        }
    }

    private Program start(String client, String scenario) throws IOException {
        Map<String, String> environment = Map.of(
                "ROBOTSTREAM_JAR",
                System.getProperty("robotstream.demo.jar"),
                "ROBOTSTREAM_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1");
        return programs.start(
                client,
                List.of(RealClients.pythonOrSkip(), SCRIPT.toString(), "--client", client, "--scenario", scenario),
                environment);
    }
}
