package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code demo} prints is pasted into a shell, line by line, and works. */
class HintsTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final IssuerKey issuer = new IssuerKey();

    /** Starts it with options, of which TLS, ELSEWHERE and JWKS stand for files. */
    private Program demo(String options) throws Exception {
        List<String> command = new ArrayList<>(List.of("demo", "--port", "0"));
        for (String option : options.split(" ", -1)) {
            switch (option) {
                case "TLS" ->
                    command.addAll(Arrays.asList(Certified.make(programs, folder, "it is", "127.0.0.1", "::1")
                            .options()));
                case "ELSEWHERE" ->
                    command.addAll(Arrays.asList(Certified.make(programs, folder, "other", "robot.local")
                            .options()));
                case "JWKS" -> command.addAll(List.of("--jwks-file", issuer.publicFile(folder), "--audience", "r2"));
                default -> command.add(option);
            }
        }
        return programs.demoJar(command.toArray(String[]::new));
    }

    private Program paste(String line, String token) throws Exception {
        return programs.start("sh", List.of("sh", "-c", line), Map.of("TOKEN", token));
    }

    private static String line(Program demo, String part) throws InterruptedException {
        return demo.awaitLine(part, line -> line.startsWith("  ") && line.contains(part));
    }

    private void allWork(Program demo, String token) throws Exception {
        paste(line(demo, " listen "), token).awaitLine("\"topic\":\"pose\"");
        Program send = paste(line(demo, " send "), token);
        assertThat(send.awaitExit()).isZero();
        assertThat(send.allOut()).singleElement().asString().contains("\"ack\"");
        String python = line(demo, "python3 ").replace("python3", RealClients.pythonOrSkip());
        String typed = line(demo, "{\"action\"").strip();
        paste("{ echo '" + typed + "'; cat; } | " + python, token).awaitLine("\"topic\":\"pose\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--host 127.0.0.1", "TLS", "--host 0.0.0.0", "--host :: TLS", "--host 0.0.0.0 --audience r2 TLS"
            })
    void withTheTokenThatItPrints(String options) throws Exception {
        Program demo = demo(options);
        allWork(demo, line(demo, "TOKEN=").replaceFirst(".*TOKEN=", ""));
    }

    @Test
    void withoutAToken() throws Exception {
        allWork(demo("--anonymous --host ::"), "");
    }

    @Test
    void withATokenOfTheIssuersWhereItPrintsNone() throws Exception {
        Program demo = demo("JWKS --host 0.0.0.0 TLS");
        assertThat(demo.awaitLine("Try in another shell")).contains("TOKEN", "for r2", "pose", "cmd_vel");
        allWork(demo, issuer.token("r2", List.of("pose"), List.of("cmd_vel")));
    }

    @Test
    void noneIsPrintedThatItsCertificateIsNotFor() throws Exception {
        Program demo = demo("ELSEWHERE");
        demo.awaitLine("token ");
        demo.terminate();
        demo.awaitExit();
        assertThat(demo.allOut()).noneMatch(line -> line.startsWith("Try "));
        assertThat(demo.allErr())
                .anyMatch(line -> line.contains("other.pem is for [robot.local], not for 127.0.0.1")
                        && line.contains("certificate 127.0.0.1"));
    }
}
