package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Sources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which room may use which. */
class ArchitectureTest {
    private static final String ROOT = "io.github.robotstream";
    private static final Pattern EDGE = Pattern.compile("^ {3}(\\S+) +-> (\\S+)");

    /** Each room, and the rooms it may use; rooms are named without {@link #ROOT}, which is "". */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            Map.entry("", Set.of(".spi")), // and see thoseOfTheRootThatKnowRoomsBehindIt
            Map.entry(".spi", Set.of("")),
            Map.entry(".jwt", Set.of("", ".spi", ".internal.classpath", ".internal.json")),
            Map.entry(".file", Set.of("", ".spi", ".internal.log")),
            Map.entry(".internal.settings", Set.of("", ".spi", ".internal.time")),
            Map.entry(".internal.console", Set.of(".internal.settings")),
            Map.entry(".internal.transport", Set.of(".internal.time", ".internal.worker")),
            Map.entry(".internal.transport.gate", Set.of(".internal.settings", ".internal.transport")),
            Map.entry(".internal.transport.frame", Set.of(".internal.transport", ".internal.worker")),
            Map.entry(
                    ".internal.transport.connection",
                    Set.of(
                            ".internal.jfr",
                            ".internal.settings",
                            ".internal.transport",
                            ".internal.transport.gate",
                            ".internal.transport.frame",
                            ".internal.worker")),
            Map.entry(
                    ".internal.transport.tls",
                    Set.of(".internal.transport.connection", ".internal.transport.gate", ".internal.worker")),
            Map.entry(
                    ".internal.transport.jws",
                    Set.of(
                            ".internal.settings",
                            ".internal.transport",
                            ".internal.transport.gate",
                            ".internal.transport.connection",
                            ".internal.transport.tls",
                            ".internal.worker")),
            Map.entry(".internal.classpath", Set.of()),
            Map.entry(".internal.jfr", Set.of(".spi")),
            Map.entry(".internal.json", Set.of()),
            Map.entry(
                    ".internal.protocol",
                    Set.of(
                            "",
                            ".internal.json",
                            ".internal.settings",
                            ".internal.topic",
                            ".internal.transport",
                            ".internal.worker")),
            Map.entry(
                    ".internal.foxglove",
                    Set.of(
                            "",
                            ".internal.json",
                            ".internal.protocol",
                            ".internal.topic",
                            ".internal.transport",
                            ".internal.worker")),
            Map.entry(".internal.codec", Set.of("", ".internal.json")),
            Map.entry(".internal.time", Set.of()),
            Map.entry(".internal.topic", Set.of()),
            Map.entry(".internal.worker", Set.of()),
            Map.entry(".internal.loop", Set.of(".internal.time", ".internal.worker")),
            Map.entry(".internal.store", Set.of("", ".spi", ".internal.worker", ".internal.time", ".internal.topic")),
            Map.entry(".internal.log", Set.of(".spi", ".internal.json", ".internal.worker", ".internal.time")),
            Map.entry(
                    ".internal.routing",
                    Set.of(
                            "",
                            ".spi",
                            ".internal.loop",
                            ".internal.json",
                            ".internal.protocol",
                            ".internal.settings",
                            ".internal.time",
                            ".internal.topic",
                            ".internal.transport",
                            ".internal.worker")),
            Map.entry(
                    ".internal.robot",
                    Set.of(
                            "",
                            ".spi",
                            ".internal.jfr",
                            ".internal.loop",
                            ".internal.json",
                            ".internal.protocol",
                            ".internal.routing",
                            ".internal.codec",
                            ".internal.time",
                            ".internal.topic",
                            ".internal.worker")),
            Map.entry(
                    ".internal.access",
                    Set.of(
                            "",
                            ".spi",
                            ".internal.jfr",
                            ".internal.loop",
                            ".internal.transport",
                            ".internal.protocol",
                            ".internal.settings",
                            ".internal.time",
                            ".internal.worker")),
            Map.entry(
                    ".internal.session",
                    Set.of(
                            "",
                            ".spi",
                            ".internal.loop",
                            ".internal.access",
                            ".internal.transport",
                            ".internal.protocol",
                            ".internal.routing",
                            ".internal.codec",
                            ".internal.json",
                            ".internal.settings",
                            ".internal.time",
                            ".internal.topic",
                            ".internal.worker")),
            Map.entry(
                    ".internal",
                    Set.of(
                            "",
                            ".spi",
                            ".internal.jfr",
                            ".internal.loop",
                            ".internal.settings",
                            ".internal.transport",
                            ".internal.transport.jws",
                            ".internal.access",
                            ".internal.session",
                            ".internal.protocol",
                            ".internal.foxglove",
                            ".internal.routing",
                            ".internal.robot",
                            ".internal.store",
                            ".internal.log",
                            ".internal.transport.tls",
                            ".internal.worker",
                            ".internal.time")));

    /** Those in the root package that may use rooms behind it: the facade, its builder, and what chooses the usual codec. */
    private static final Map<String, Predicate<String>> BEHIND_THE_ROOT = Map.ofEntries(
            Map.entry("RobotStreamBroker", room -> room.startsWith(".internal")),
            Map.entry(
                    "BrokerBuilder",
                    Set.of(
                            ".internal",
                            ".internal.classpath",
                            ".internal.console",
                            ".internal.session", // how it sees a session
                            ".internal.settings",
                            ".internal.transport.tls")::contains),
            Map.entry("Limits", ".internal.settings"::equals),
            Map.entry("TopicFilter", ".internal.topic"::equals),
            Map.entry("Permissions", ".internal.topic"::equals),
            Map.entry("AccessControl", Set.of(".internal.access", ".internal.session")::contains),
            Map.entry("BrokerStats", Set.of(".internal", ".internal.routing", ".internal.session")::contains),
            Map.entry("SessionSnapshot", ".internal.session"::equals),
            Map.entry("SubscriptionSettings", Set.of(".internal.protocol", ".internal.routing")::contains),
            Map.entry("TlsSettings", ".internal.transport.tls"::equals),
            Map.entry("TopicSettings", Set.of(".internal.codec", ".internal.settings")::contains),
            Map.entry("HttpSettings", Set.of(".internal", ".internal.settings")::contains),
            Map.entry("JsonCodec", Set.of(".internal.classpath", ".internal.codec")::contains),
            Map.entry("Topic", Set.of(".internal.classpath", ".internal.codec", ".internal.topic")::contains));

    /** Libraries, and the rooms that may use them. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "org.java_websocket", Set.of(".internal.transport.jws"),
            "com.nimbusds", Set.of(".jwt"),
            "com.google.gson", Set.of(".internal.codec", ".jwt"),
            "jdk.jfr", Set.of(".internal.jfr"),
            "org.slf4j", Set.of(".internal.transport.connection", ".spi"));

    private static final Map<String, Set<String>> USES = new TreeMap<>();

    @BeforeAll
    static void askForAllEdges() {
        List<String> arguments = new ArrayList<>(List.of("-verbose:class", "-filter:none"));
        // Class by class, since a folder with a module-info would have its libraries looked for as modules.
        Sources.classes().stream()
                .filter(file -> !file.endsWith("module-info.class"))
                .forEach(file -> arguments.add(file.toString()));
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        int code =
                ToolProvider.findFirst("jdeps").orElseThrow().run(printer, printer, arguments.toArray(String[]::new));
        assertThat(code).as("%s", out).isZero();
        for (String line : out.toString().lines().toList()) {
            Matcher edge = EDGE.matcher(line);
            if (edge.find() && edge.group(1).startsWith(ROOT)) {
                USES.computeIfAbsent(edge.group(1), c -> new TreeSet<>()).add(edge.group(2));
            }
        }
        assertThat(USES).as("classes that jdeps saw").hasSizeGreaterThan(100);
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }

    private static String roomOf(String className) {
        return packageOf(className).substring(ROOT.length());
    }

    /** The class as its file is named. */
    private static String fileOf(String className) {
        return className.substring(className.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
    }

    private interface Edge {
        void between(String from, String to);
    }

    private static void eachEdge(Edge edge) {
        USES.forEach((from, all) -> all.forEach(to -> edge.between(from, to)));
    }

    @Test
    void noRoomUsesOneThatItMayNotUse() {
        Set<String> surprises = new TreeSet<>();
        eachEdge((from, to) -> {
            if (to.startsWith(ROOT) && !roomOf(from).equals(roomOf(to)) && !mayUse(from, to)) {
                surprises.add(from + " -> " + to);
            }
        });
        assertThat(surprises).isEmpty();
    }

    private static boolean mayUse(String from, String to) {
        Set<String> rooms = ROOMS.get(roomOf(from));
        assertThat(rooms).as("the room of %s is in no list", from).isNotNull();
        return rooms.contains(roomOf(to))
                || (roomOf(from).isEmpty()
                        && BEHIND_THE_ROOT
                                .getOrDefault(fileOf(from), room -> false)
                                .test(roomOf(to)));
    }

    @Test
    void noEdgeIsAllowedThatNobodyNeeds() {
        Set<String> needed = new TreeSet<>();
        eachEdge((from, to) -> {
            if (to.startsWith(ROOT)) {
                needed.add(roomOf(from) + " -> " + roomOf(to));
            }
        });
        Set<String> allowed = new TreeSet<>();
        ROOMS.forEach((from, rooms) -> rooms.forEach(to -> allowed.add(from + " -> " + to)));
        allowed.removeAll(needed);
        assertThat(allowed).isEmpty();
    }

    @Test
    void noRoomUsesALibraryThatIsAnothersOrOfNobody() {
        Set<String> surprises = new TreeSet<>();
        eachEdge((from, to) -> {
            if (!isOursOrTheJdks(to) && !mayUseLibrary(from, to)) {
                surprises.add(from + " -> " + to);
            }
        });
        assertThat(surprises).isEmpty();
    }

    private static boolean isOursOrTheJdks(String className) {
        return className.startsWith(ROOT)
                || className.startsWith("java.")
                || className.startsWith("javax.crypto.")
                || className.startsWith("javax.net.")
                || className.startsWith("javax.security.auth.")
                || className.startsWith("org.jspecify.annotations.");
    }

    private static boolean mayUseLibrary(String from, String to) {
        return LIBRARIES.entrySet().stream()
                .anyMatch(library -> to.startsWith(library.getKey() + ".")
                        && library.getValue().contains(roomOf(from)));
    }

    @Test
    void theLibraryNeitherPrintsNorSleepsNorEndsTheProgram() {
        Pattern forbidden = Pattern.compile("System\\.(out|err|exit)|printStackTrace|Thread\\.sleep|Runtime.*\\.halt");
        assertThat(Sources.java("broker-core/src/main"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Sources.text(file)).doesNotContainPattern(forbidden));
    }
}
