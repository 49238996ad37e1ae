package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.CompiledSnippet;
import io.github.robotstream.examples.testing.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What documents and comments show in Java compiles, and whatever an application calls or implements is shown. */
class DocumentedJavaTest {
    private static final Path CORE = Path.of("..", "broker-core", "src");
    private static final List<Path> SOURCES = List.of(
            CORE.resolve("main/java/io/github/robotstream"),
            CORE.resolve("test/java/io/github/robotstream/tck"),
            CORE.resolve("test/java/io/github/robotstream/test"),
            Path.of("clients/java/src/main/java/io/github/robotstream/client"));
    private static final Pattern SHOWN = Pattern.compile("(?s) \\* <pre>\\{@code\\R(.*?) \\* }</pre>");
    private static final Pattern TYPE = Pattern.compile(
            "(?m)^public ((final |abstract |sealed )*class|interface|record|enum|@interface) |^package .*;\\R\\Rimport org.jspecify");

    @TempDir
    Path folder;

    private static List<Path> files(Path root, String end) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file ->
                            file.toString().endsWith(end) && !file.toString().contains("internal"))
                    .sorted()
                    .toList();
        }
    }

    /** Those of the library, of its jar of tests and of the Java client. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path root : SOURCES) {
            sources.addAll(files(root, ".java"));
        }
        return sources;
    }

    /** The blocks of a source file's comments. */
    private static List<String> shown(Path file) throws IOException {
        return SHOWN.matcher(Files.readString(file))
                .results()
                .map(block -> block.group(1).replaceAll("(?m)^ *\\* ?", ""))
                .toList();
    }

    private Map<String, List<String>> complaints(Map<String, String> blocks) {
        Map<String, List<String>> complaints = new TreeMap<>();
        blocks.forEach((where, block) -> {
            List<String> said = CompiledSnippet.compileShown(block, folder);
            if (!said.isEmpty()) {
                complaints.put(where, said);
            }
        });
        return complaints;
    }

    @Test
    void whatDocumentsShowCompiles() throws Exception {
        Map<String, String> blocks = new TreeMap<>();
        for (Path document : files(Path.of("..", "docs"), ".md")) {
            Readme.blocks(document, "java")
                    .forEach(block -> blocks.put(document.getFileName() + " " + blocks.size(), block));
        }
        assertThat(blocks).hasSizeGreaterThan(2);
        assertThat(complaints(blocks)).isEmpty();
    }

    @Test
    void whatCommentsShowCompiles() throws Exception {
        Map<String, String> blocks = new TreeMap<>();
        for (Path file : sources()) {
            shown(file).forEach(block -> blocks.put(file.getFileName() + " " + blocks.size(), block));
        }
        assertThat(blocks).hasSizeGreaterThan(30);
        assertThat(complaints(blocks)).isEmpty();
    }

    @Test
    void whatAnApplicationCallsOrImplementsIsShown() throws Exception {
        List<String> without = new ArrayList<>();
        for (Path file : sources()) {
            if (TYPE.matcher(Files.readString(file)).find() && shown(file).isEmpty()) {
                without.add(file.getFileName().toString());
            }
        }
        assertThat(without).isEmpty();
    }
}
