package io.github.robotstream.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.HttpSettings;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The broker's own page in Debian's Chromium. */
class ConsoleTest {
    private static final Path SCRIPTS = Path.of("src", "test", "node").toAbsolutePath();
    private static final Path IMAGES = Path.of("..", "docs", "images").toAbsolutePath();

    @RegisterExtension
    final Programs programs = new Programs();

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

    /** With {@code -Drobotstream.console.images=true} it makes the pictures of the documentation as well. */
    @Test
    void thePageShowsAndDrivesTheDemoRobotAsItsTestsSay() throws Exception {
        boolean images = Boolean.getBoolean("robotstream.console.images");
        Program tests = start("console.test.mjs", images ? Map.of("ROBOTSTREAM_IMAGES", IMAGES.toString()) : Map.of());
        assertThat(tests.awaitExit(Duration.ofMinutes(4))).isZero();
    }

    /** For {@code -Drobotstream.console.seconds}, 10 unless set. */
    @Test
    void with2000TopicsThePageTakesLessThanHalfACoreAndDoesNotGrow() throws Exception {
        int seconds = Integer.getInteger("robotstream.console.seconds", 10);
        String secret = "0123456789abcdef0123456789abcdef";
        List<Topic<Double>> topics = IntStream.range(0, 2000)
                .mapToObj(i -> Topic.state("bench/%02d/%04d".formatted(i % 40, i), "float", Double.class))
                .toList();
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(secret.getBytes(UTF_8)).build())
                .http(HttpSettings::console)
                .start()) {
            Thread publisher = new Thread(() -> publish(broker, topics), "publisher");
            publisher.start();
            try {
                Program test = start(
                        "console-load.test.mjs",
                        Map.of(
                                "ROBOTSTREAM_SECRET",
                                secret,
                                "ROBOTSTREAM_PAGE",
                                "http://127.0.0.1:" + broker.address().getPort() + "/",
                                "ROBOTSTREAM_SECONDS",
                                Integer.toString(seconds)));
                assertThat(test.awaitExit(Duration.ofMinutes(2).plusSeconds(2L * seconds)))
                        .isZero();
                test.allOut().stream().filter(line -> line.contains("measured")).forEach(System.out::println);
            } finally {
                publisher.interrupt();
                publisher.join();
            }
        }
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
