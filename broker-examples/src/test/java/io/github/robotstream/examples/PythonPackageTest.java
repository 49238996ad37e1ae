package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Python package in {@code clients/python}: its own tests against the jar, and its installation. */
class PythonPackageTest {
    private static final Path PACKAGE = Path.of("clients", "python").toAbsolutePath();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(PACKAGE.resolve("tests"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("test_"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void itsOwnTestsPass(String module) throws Exception {
        Program tests = python(
                RealClients.pythonOrSkip(),
                "-m",
                "unittest",
                "discover",
                "--start-directory",
                PACKAGE.resolve("tests").toString(),
                "--top-level-directory",
                PACKAGE.toString(),
                "--pattern",
                module);

        assertThat(tests.awaitExit(Duration.ofMinutes(5))).isZero(); // each of them has a patience of its own
        assertThat(tests.allErr())
                .anyMatch(Pattern.compile("Ran [1-9]\\d* tests?.*").asMatchPredicate());
    }

    @Test
    void itInstallsFromItsFolderAsItsReadmeSaysWithoutANetwork() throws Exception {
        String python = RealClients.pythonOrSkip("venv", "ensurepip", "pip", "setuptools");
        Path source = folder.resolve("source"); // pip leaves what it has built beside the source
        copy(PACKAGE, source);
        assertThat(Files.readString(PACKAGE.resolve("README.md")))
                .contains(
                        "python3 -m venv --system-site-packages ",
                        "pip install --no-build-isolation ./broker-examples/clients/python");
        Path home = folder.resolve("venv");
        assertThat(python(python, "-m", "venv", "--system-site-packages", home.toString())
                        .awaitExit())
                .isZero();
        String installed = home.resolve("bin/python").toString();
        assertThat(python(installed, "-m", "pip", "install", "--no-build-isolation", source.toString())
                        .awaitExit())
                .isZero();

        Program where = python(installed, "-c", "import robotstream; print(robotstream.__file__)");
        where.awaitLine(home.toString());
        Program help = python(installed, "-m", "robotstream", "--help");
        help.awaitLine("listen");
        assertThat(help.awaitExit()).isZero();
        assertThat(Path.of(where.awaitLine(home.toString())).resolveSibling("py.typed"))
                .exists();
    }

    @Test
    void itsTypesAreStrict() throws Exception {
        String python = RealClients.pythonOrSkip("mypy");
        Program check = programs.start(
                "mypy",
                List.of(
                        python,
                        "-m",
                        "mypy",
                        "--cache-dir",
                        folder.toString(),
                        "--config-file",
                        PACKAGE.resolve("pyproject.toml").toString(),
                        PACKAGE.resolve("robotstream").toString()),
                Map.of());
        assertThat(check.awaitExit()).as("%s", check.allOut()).isZero();
    }

    private Program python(String python, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(python));
        command.addAll(List.of(arguments));
        return programs.start(
                "python",
                command,
                Map.of(
                        "ROBOTSTREAM_JAR",
                        System.getProperty("robotstream.demo.jar"),
                        "ROBOTSTREAM_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "PIP_NO_INDEX",
                        "1"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
