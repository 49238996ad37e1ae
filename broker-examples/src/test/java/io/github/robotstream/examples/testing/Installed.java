package io.github.robotstream.examples.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of the machine that a test needs; where there is none, the test is skipped and says what is missing. */
public final class Installed {
    private static final List<String> FOLDERS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin");

    private Installed() {}

    /** The first of these programs that there is. */
    public static String orSkip(String... names) {
        List<String> found = Stream.of(names)
                .flatMap(name -> folders().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .toList();
        Assumptions.assumeFalse(found.isEmpty(), () -> String.join(", ", names) + ": not installed");
        return found.get(0);
    }

    private static Stream<Path> folders() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }
}
