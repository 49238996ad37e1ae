package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} names a test for what it claims, and each of them exists. */
class SecurityDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))`");

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs").resolve("security.md"));
    }

    private static Stream<String> tests(String text) {
        return TEST.matcher(text).results().map(name -> name.group(1));
    }

    @Test
    void everyTestThatItNamesExists() throws IOException {
        Set<String> there = new TreeSet<>();
        for (String module : List.of("broker-core", "broker-examples")) {
            try (Stream<Path> files =
                    Files.walk(ROOT.resolve(module).resolve("src").resolve("test"))) {
                files.map(file -> file.getFileName().toString().replace(".java", ""))
                        .forEach(there::add);
            }
        }
        assertThat(tests(document()).collect(Collectors.toSet())).isNotEmpty().isSubsetOf(there);
    }

    @Test
    void everyAttackAndEveryQuestionHasATest() throws IOException {
        List<String> rows = document()
                .lines()
                .filter(line -> line.startsWith("| ") && !line.matches("\\| (keys|attack|question|claim) \\|.*"))
                .filter(line -> !line.matches("\\| `(hmac|key|keySet).*")) // where keys come from
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(tests(row)).isNotEmpty());
    }
}
