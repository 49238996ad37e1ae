package io.github.robotstream.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.HttpSettings;
import io.github.robotstream.Payload;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.Readme;
import io.github.robotstream.examples.testing.RealClients;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The broker's own page in Debian's Chromium. */
class ConsoleTest {
    private static final Path SCRIPTS = Path.of("src", "test", "node").toAbsolutePath();
    private static final Path IMAGES = Path.of("..", "docs", "images").toAbsolutePath();

    private static final Path CLIENT =
            Path.of("clients", "javascript", "robotstream.js").toAbsolutePath();

    @RegisterExtension
    final Programs programs = new Programs();

    private final Secret secret = Secret.random();

    private Program start(String script, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put(
                "ROBOTSTREAM_NODE_MODULES",
                RealClients.modulesOrSkip("ws", "playwright-core").toString());
        environment.put("ROBOTSTREAM_CHROMIUM", Installed.orSkip("chromium-headless-shell", "chromium"));
        environment.put("ROBOTSTREAM_JAVA", Programs.java());
        environment.put("ROBOTSTREAM_DEMO_JAR", System.getProperty("robotstream.demo.jar"));
        return programs.start(
                "node --test", List.of("node", "--test", SCRIPTS.resolve(script).toString()), environment);
    }

    private RobotStreamBroker broker(Consumer<HttpSettings> pages) throws IOException {
        return RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(secret.bytes()).build())
                .http(pages)
                .start();
    }

    private String token() {
        return new TokenMint(secret, Clock.systemUTC()).mint("demo", Duration.ofHours(1));
    }

    private static String page(RobotStreamBroker broker) {
        return "http://127.0.0.1:" + broker.address().getPort() + "/";
    }

    /** With {@code -Drobotstream.console.images=true} it makes the pictures of the documentation as well. */
    @Test
    void thePageShowsAndDrivesTheDemoRobotAsItsTestsSay() throws Exception {
        boolean images = Boolean.getBoolean("robotstream.console.images");
        Program tests = start("console.test.mjs", images ? Map.of("ROBOTSTREAM_IMAGES", IMAGES.toString()) : Map.of());
        assertPassed(tests, Duration.ofMinutes(4));
    }

    @Test
    void anOperatorStopsTheRobotAndIsToldWhatIsOldOrLost() throws Exception {
        assertPassed(start("console-operator.test.mjs", Map.of()), Duration.ofMinutes(4));
    }

    /** For {@code -Drobotstream.console.seconds}, 10 unless set. */
    @Test
    void with2000TopicsThePageTakesLessThanHalfACoreAndDoesNotGrow() throws Exception {
        int seconds = Integer.getInteger("robotstream.console.seconds", 10);
        List<Topic<Double>> topics = IntStream.range(0, 2000)
                .mapToObj(i -> Topic.state("bench/%02d/%04d".formatted(i % 40, i), "float", Double.class))
                .toList();
        try (RobotStreamBroker broker = broker(HttpSettings::console)) {
            Thread publisher = new Thread(() -> publish(broker, topics), "publisher");
            publisher.start();
            try {
                Program test = start(
                        "console-load.test.mjs",
                        Map.of(
                                "ROBOTSTREAM_PAGE",
                                page(broker) + "#token=" + token(),
                                "ROBOTSTREAM_SECONDS",
                                Integer.toString(seconds)));
                assertPassed(test, Duration.ofMinutes(2).plusSeconds(2L * seconds));
                test.allOut().stream().filter(line -> line.contains("measured")).forEach(System.out::println);
            } finally {
                publisher.interrupt();
                publisher.join();
            }
        }
    }

    @Test
    void theExampleOfTheReadmeForBrowsersShowsWhatIsPublished() throws Exception {
        List<String> examples = Readme.blocks("html");
        assertThat(examples).hasSize(1);
        String page = examples.get(0)
                .replace("'ws://127.0.0.1:8765/wss'", "`ws://${location.host}/wss`")
                .replace("your_jwt_token_here", token());
        byte[] client = Files.readAllBytes(CLIENT);
        try (RobotStreamBroker broker = broker(http -> http.page("/", "text/html; charset=utf-8", page.getBytes(UTF_8))
                .page("/robotstream.js", "text/javascript", client))) {
            broker.publish("pose", Payload.of("pose", "Pose", "{\"x\":1.5}"));
            Program test = start("readme.test.mjs", Map.of("ROBOTSTREAM_PAGE", page(broker)));
            assertPassed(test, Program.PATIENCE);
        }
    }

    /** Of tests that failed the message has the names, as a report may show no more than it. */
    private static void assertPassed(Program tests, Duration patience) throws InterruptedException {
        int exit = tests.awaitExit(patience);
        List<String> failed = tests.allOut().stream()
                .filter(line -> line.startsWith("not ok") || line.contains("error:"))
                .toList();
        assertThat(exit).as("exit code of node, with %s", failed).isZero();
    }

    /** A thousand messages a second in all, until interrupted. */
    private static void publish(RobotStreamBroker broker, List<Topic<Double>> topics) {
        long next = System.nanoTime();
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            broker.publish(topics.get(i % topics.size()), Math.sin(i / 5000.0) * (i % 7 + 1));
            next += 1_000_000;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }
}
