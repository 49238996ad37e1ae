package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Sources;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A class path whose libraries are too old is refused in one sentence; the oldest that are taken do. */
class LibrariesTest {
    /** The build fetches them. */
    private static final Path FOLDER = Sources.project().resolve("broker-core/target/other-libraries");

    private static List<String> outputWith(String library, String version, String... arguments) throws Exception {
        assumeTrue(Files.isDirectory(FOLDER), "Maven's build fetches the libraries");
        Path other = FOLDER.resolve(library + "-" + version + ".jar");
        assertThat(other).exists();
        List<String> present = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        String classPath = present.stream()
                .map(entry -> isThat(library, entry) ? other.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(present).anyMatch(entry -> isThat(library, entry));
        try (ChildJvm robot = ChildJvm.startOn(classPath, LibrariesRobot.class.getName(), arguments)) {
            robot.exitCode();
            return robot.output();
        }
    }

    private static boolean isThat(String library, String entry) {
        return Path.of(entry).getFileName().toString().matches(library + "-[0-9.]+\\.jar");
    }

    @ParameterizedTest
    @CsvSource({
        "gson, 2.10.1, 'Gson 2.11.0', start",
        "gson, 2.10.1, 'Gson 2.11.0', declare",
        "slf4j-api, 1.7.36, 'slf4j-api 2.0.0', start",
        "nimbus-jose-jwt, 10.0, 'nimbus-jose-jwt 10.5', publicKey",
        "nimbus-jose-jwt, 10.0, 'nimbus-jose-jwt 10.5', keySet"
    })
    void aLibraryThatIsTooOldIsNamedWithTheVersionThatIsWanted(
            String library, String version, String wanted, String first) throws Exception {
        assertThat(outputWith(library, version, first))
                .filteredOn(line -> line.startsWith("refused: "))
                .singleElement()
                .asString()
                .contains(library + "-" + version + ".jar is too old", wanted + " or newer");
    }

    @ParameterizedTest
    @CsvSource({"gson, 2.11.0", "slf4j-api, 2.0.0", "nimbus-jose-jwt, 10.0", "Java-WebSocket, 1.5.7", "jspecify, 1.0.0"
    })
    void theOldestThatIsTakenServesAClientAndLogs(String library, String version) throws Exception {
        assertThat(outputWith(library, version))
                .contains("heard Twist[linear=1.0, angular=0.0]")
                .anySatisfy(line -> assertThat(line).contains("client_connected"));
    }

    @Test
    void aMissingProviderOfSlf4jIsToldOnStandardError() throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !isThat("slf4j-simple", entry))
                .collect(Collectors.joining(File.pathSeparator));
        try (ChildJvm robot = ChildJvm.startOn(classPath, LibrariesRobot.class.getName())) {
            assertThat(robot.exitCode()).as("%s", robot.output()).isZero();
            assertThat(robot.output())
                    .anyMatch(line -> line.contains("No SLF4J providers were found"))
                    .contains("heard Twist[linear=1.0, angular=0.0]")
                    .noneMatch(line -> line.contains("client_connected"));
        }
    }

    @Test
    void theContractsRunOnTheOldestJUnitThatIsTaken() throws Exception {
        assumeTrue(Files.isDirectory(FOLDER), "Maven's build fetches the libraries");
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("junit-"))
                .collect(Collectors.joining(File.pathSeparator));
        String launcher = "org.junit.platform.console.ConsoleLauncher";
        String junit =
                FOLDER.resolve("junit-platform-console-standalone-1.12.0.jar").toString();
        try (ChildJvm tests = ChildJvm.startOn(
                junit + File.pathSeparator + classPath,
                launcher,
                "execute",
                "--details=summary",
                "--fail-if-no-tests",
                "--select-class=io.github.robotstream.spi.InMemoryTopicStoreTest",
                "--select-class=io.github.robotstream.spi.Slf4jLogSinkTest",
                "--select-class=io.github.robotstream.jwt.JwtTokenVerifierContractTest")) {
            assertThat(tests.exitCode()).as("%s", tests.output()).isZero();
            assertThat(tests.output())
                    .anyMatch(line -> line.matches(".* [1-9]\\d+ tests successful .*"))
                    .anyMatch(line -> line.contains(" 0 tests failed "));
        }
    }

    @Test
    void thePresentOnesAreTaken() throws Exception {
        try (ChildJvm robot = ChildJvm.start(LibrariesRobot.class, List.of())) {
            assertThat(robot.exitCode()).isZero();
            assertThat(robot.output()).contains("heard Twist[linear=1.0, angular=0.0]");
        }
    }

    @Test
    void aRuntimeWithoutTheFlightRecorderDoes() throws Exception {
        List<String> options = List.of("--limit-modules", "java.se,jdk.unsupported", "-Xlog:class+load");
        try (ChildJvm robot = ChildJvm.start(LibrariesRobot.class, options)) {
            assertThat(robot.exitCode()).isZero();
            assertThat(robot.output())
                    .anyMatch(line -> line.startsWith("heard Twist"))
                    .anyMatch(line -> line.contains("io.github.robotstream.internal.jfr.FlightEvents "))
                    .noneMatch(line -> line.contains("io.github.robotstream.internal.jfr.Recorded"))
                    .noneMatch(line -> line.contains("jdk.jfr."));
        }
    }
}
