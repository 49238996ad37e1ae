package io.github.robotstream.testing;

import io.github.robotstream.RobotStreamBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where this project's files are. */
public final class Sources {
    private Sources() {}

    /** The folder with both modules, seen from wherever in it the tests run. */
    public static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("broker-core/src"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new AssertionError(
                    "the tests run outside of the project: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    /** All Java files below a folder of the project; none if it is not there. */
    public static List<Path> java(String folder) {
        return files(project().resolve(folder), ".java");
    }

    /** The compiled classes of the library. */
    public static List<Path> classes() {
        return files(classFolder(), ".class");
    }

    /** Where they are. */
    public static Path classFolder() {
        try {
            return Path.of(RobotStreamBroker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
