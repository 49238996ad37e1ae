package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the project's documents lead to a file that exists, and to a heading in it. */
class DocumentLinksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?![a-z]+:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            List<MatchResult> found = LINK.matcher(prose(document)).results().toList();
            found.stream()
                    .filter(link -> !leadsSomewhere(document, link))
                    .forEach(link -> broken.add(ROOT.relativize(document) + " " + link.group()));
            links += found.size();
        }
        assertThat(broken).isEmpty();
        assertThat(links).as("links that were looked at").isGreaterThan(100);
    }

    @Test
    void everyDocumentIsNamedInTheReadme() throws IOException {
        String readme = prose(ROOT.resolve("README.md"));
        try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
            assertThat(documents.filter(file -> file.toString().endsWith(".md")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(readme).contains("](docs/" + file.getFileName()));
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        for (Path folder : List.of(ROOT.resolve("docs"), ROOT.resolve("broker-examples/clients"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("node_modules"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean leadsSomewhere(Path document, MatchResult link) {
        Path target = link.group(1).isEmpty()
                ? document
                : document.resolveSibling(link.group(1)).normalize();
        return Files.exists(target) && (link.group(2) == null || anchors(target).contains(link.group(2)));
    }

    /** Of each heading as GitHub makes them: lower case, no punctuation, hyphens for spaces, {@code -1} behind one that is there already. */
    private static Set<String> anchors(Path document) {
        Set<String> anchors = new HashSet<>();
        for (MatchResult heading : HEADING.matcher(prose(document)).results().toList()) {
            String anchor = heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            if (!anchors.add(anchor)) {
                anchors.add(anchor + "-1");
            }
        }
        return anchors;
    }

    private static String prose(Path document) {
        try {
            return CODE.matcher(Files.readString(document)).replaceAll("");
        } catch (IOException e) {
            throw new AssertionError("unreadable: " + document, e);
        }
    }
}
