package io.github.robotstream.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Sources;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published jar of tests is whole: what it has for tests of robot code needs the library, and no test framework. */
class PublishedTestsTest {
    private static final Pattern LISTED = Pattern.compile("<include>(io/github/robotstream/.*\\.class)</include>");
    private static final Pattern EDGE = Pattern.compile("^ +(\\S+) +-> (\\S+)");

    @Test
    void itHasAllThatItUses() throws Exception {
        Path folder = Path.of(TestBroker.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Path> published = published(folder);
        assertThat(published).hasSizeGreaterThan(10);
        Set<String> missing = uses(published);
        missing.removeIf(name -> isTheJdksOrALibrarys(name)
                || isIn(Sources.classFolder(), name)
                || published.contains(Path.of(name.replace('.', '/') + ".class")));
        assertThat(missing).isEmpty();
    }

    @Test
    void theJarOfItsSourcesHasThoseOfAllItsClasses() {
        String build = Sources.text(Sources.project().resolve("broker-core/pom.xml"));
        assertThat(included(build, "java")).isEqualTo(included(build, "class")).isNotEmpty();
    }

    /** What the build includes of such files, without their end; nested classes have no file of source of their own. */
    private static Set<String> included(String build, String end) {
        return Pattern.compile("<include>(io/github/robotstream/[^$<]*)\\." + end + "</include>")
                .matcher(build)
                .results()
                .map(include -> include.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The classes that the build puts into the jar, but for the contracts, which are for JUnit and AssertJ. */
    private static List<Path> published(Path folder) throws IOException {
        String build = Sources.text(Sources.project().resolve("broker-core/pom.xml"));
        List<PathMatcher> listed = new ArrayList<>();
        for (Matcher include = LISTED.matcher(build); include.find(); ) {
            if (!include.group(1).contains("/tck/")) {
                listed.add(FileSystems.getDefault().getPathMatcher("glob:" + include.group(1)));
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(folder::relativize)
                    .filter(file -> listed.stream().anyMatch(pattern -> pattern.matches(file)))
                    .filter(file -> !file.toString().matches(".*Test(\\$.*)?\\.class"))
                    .toList();
        }
    }

    private static Set<String> uses(List<Path> published) throws Exception {
        Path folder = Path.of(TestBroker.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> arguments = new ArrayList<>(List.of("-verbose:class", "-filter:none"));
        published.forEach(file -> arguments.add(folder.resolve(file).toString()));
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        int code =
                ToolProvider.findFirst("jdeps").orElseThrow().run(printer, printer, arguments.toArray(String[]::new));
        assertThat(code).as("%s", out).isZero();
        return out.toString()
                .lines()
                .map(EDGE::matcher)
                .filter(Matcher::find)
                .map(edge -> edge.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isTheJdksOrALibrarys(String name) {
        return name.startsWith("java.")
                || name.startsWith("javax.")
                || name.startsWith("com.google.gson.")
                || name.startsWith("org.jspecify.annotations.");
    }

    private static boolean isIn(Path folder, String name) {
        return Files.exists(folder.resolve(name.replace('.', '/') + ".class"));
    }
}
