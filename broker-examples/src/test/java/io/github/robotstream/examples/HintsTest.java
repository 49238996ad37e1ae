package io.github.robotstream.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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

    private Program paste(String line) throws Exception {
        return programs.start("sh", List.of("sh", "-c", "cd '" + folder + "' && { " + line + "; }"), Map.of());
    }

    private static String line(Program demo, String part) throws InterruptedException {
        return demo.awaitLine(part, line -> line.startsWith("  ") && line.contains(part));
    }

    private void allWork(Program demo) throws Exception {
        paste(line(demo, " listen ")).awaitLine("\"topic\":\"pose\"");
        Program send = paste(line(demo, " send "));
        assertThat(send.awaitExit()).isZero();
        assertThat(send.allOut()).singleElement().asString().contains("\"ack\"");
        String python = line(demo, "python3 ").replace("python3", RealClients.pythonOrSkip());
        String typed = line(demo, "{\"action\"").strip();
        paste("{ echo '" + typed + "'; cat; } | " + python).awaitLine("\"topic\":\"pose\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--host 127.0.0.1", "TLS", "--host 0.0.0.0", "--host :: TLS", "--host 0.0.0.0 --audience r2 TLS"
            })
    void withTheTokenThatItMade(String options) throws Exception {
        allWork(demo(options));
    }

    @Test
    void noTokenStandsInWhatIsTyped() throws Exception {
        Program demo = demo("--host 127.0.0.1");
        String token = demo.awaitLine("token ").replaceFirst("^token ", "");
        line(demo, "{\"action\"");
        assertThat(demo.allOut())
                .filteredOn(line -> line.contains(token))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("token " + token),
                        line -> assertThat(line).matches("open http://127\\.0\\.0\\.1:\\d+/#token=" + token));
    }

    @Test
    void theFileOfTheTokenIsItsOwnersAloneAndGoneWithTheRobot() throws Exception {
        Program demo = demo("--host 127.0.0.1");
        String token = demo.awaitLine("token ").replaceFirst("^token ", "");
        Path file = Path.of(line(demo, " send ").replaceFirst(".* --token-file (\\S+).*", "$1"));
        assertThat(file).hasContent(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");

        demo.terminate();
        demo.awaitExit();
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void theTokenIsShortLivedAndForTheTopicsOfTheRobotAlone() throws Exception {
        Program demo = demo("--host 127.0.0.1");
        String[] parts = demo.awaitLine("token ").replaceFirst("^token ", "").split("\\.", -1);
        JsonObject claims = JsonParser.parseString(
                        new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8))
                .getAsJsonObject();
        assertThat(claims.get("exp").getAsLong() - claims.get("iat").getAsLong())
                .isLessThanOrEqualTo(3600);
        assertThat(claims.get("topics").toString())
                .contains("\"publish\":[\"cmd_vel\",\"stop\"]", "\"pose\"")
                .doesNotContain("#");
    }

    @Test
    void withoutAToken() throws Exception {
        allWork(demo("--anonymous --host ::"));
    }

    @Test
    void withATokenOfTheIssuersWhereItPrintsNone() throws Exception {
        Program demo = demo("JWKS --host 0.0.0.0 TLS");
        assertThat(demo.awaitLine("Try in another shell")).contains("file token", "for r2", "pose", "cmd_vel");
        Files.writeString(folder.resolve("token"), issuer.token("r2", List.of("pose"), List.of("cmd_vel")));
        allWork(demo);
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
