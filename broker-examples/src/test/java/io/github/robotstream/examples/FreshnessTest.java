package io.github.robotstream.examples;

import static io.github.robotstream.examples.testing.RealClients.NODE_WS;
import static io.github.robotstream.examples.testing.RealClients.PYTHON;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.DelayingRelay;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that know nothing of freshness, and take a quarter of a topic of 200 messages a second. */
class FreshnessTest {
    private static final Topic<Long> CLOCK = Topic.state("clock", "ms", Long.class);
    private static final Duration TIME = Duration.ofSeconds(15);
    private static final Duration ONE_WAY = Duration.ofMillis(40);
    /** More than come in {@link #TIME}, so that a queue is thinned by age alone. */
    private static final int QUEUED_MESSAGES = 4096;

    private static final Pattern ACCOUNT = Pattern.compile("oldest (\\d+) ms, came \\d+, told (\\d+), untold (-?\\d+)");

    @RegisterExtension
    final Programs programs = new Programs();

    private final Secret secret = Secret.random();
    private final String token = new TokenMint(secret, Clock.systemUTC()).mint("tester", Duration.ofHours(1));

    /** How messages wait for a client, and the most age that it may be shown: without a bound it is 11 s at the end of {@link #TIME}. */
    private enum Waiting {
        /** Ten times the promise. */
        LATEST("{\"policy\":\"latest\",\"meta\":true}", 6_000),
        /** Three times the promise; ten would take a minute to tell from none. */
        QUEUE("{\"meta\":true}", 7_500);

        final String options;
        final int mostAgeMillis;

        Waiting(String options, int mostAgeMillis) {
            this.options = options;
            this.mostAgeMillis = mostAgeMillis;
        }
    }

    @Test
    void aSlowClientIsShownFreshDataAndToldOfEachMessageThatItLost() throws Exception {
        ScheduledExecutorService robot = Executors.newSingleThreadScheduledExecutor();
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                        .port(0)
                        .tokenVerifier(JwtTokenVerifier.hmac(secret.bytes()).build())
                        .limits(limits -> limits.queuedMessagesPerSession(QUEUED_MESSAGES))
                        .start();
                DelayingRelay relay = new DelayingRelay(broker.address().getPort(), ONE_WAY)) {
            ScheduledFuture<?> published = robot.scheduleAtFixedRate(
                    () -> broker.publish(CLOCK, System.currentTimeMillis()), 0, 5, TimeUnit.MILLISECONDS);
            List<Slow> clients = new ArrayList<>();
            for (Waiting waiting : Waiting.values()) {
                clients.addAll(start("on loopback", broker.address().getPort(), waiting));
                clients.addAll(start("through a relay", relay.port(), waiting));
            }
            for (Slow client : clients) {
                client.check();
            }
            assertThat(published.isDone())
                    .as("the robot has stopped publishing")
                    .isFalse();
        } finally {
            robot.shutdownNow();
        }
    }

    private List<Slow> start(String way, int port, Waiting waiting) throws IOException {
        String url = "ws://127.0.0.1:" + port + "/wss";
        String topic = CLOCK.name();
        String options = waiting.options;
        String name = waiting + " " + way + ", ";
        return List.of(
                new Slow(name + "asyncio", waiting, PYTHON.slow(programs, url, token, topic, TIME, options)),
                new Slow(name + "sync", waiting, PYTHON.slow(programs, url, token, topic, TIME, options, "sync")),
                new Slow(name + "Node", waiting, NODE_WS.slow(programs, url, token, topic, TIME, options)));
    }

    private record Slow(String name, Waiting waiting, Program program) {
        void check() throws InterruptedException {
            Matcher account = ACCOUNT.matcher(program.awaitLine("oldest"));
            assertThat(account.find()).isTrue();
            assertThat(Integer.parseInt(account.group(1)))
                    .as("%s: oldest, in ms", name)
                    .isLessThan(waiting.mostAgeMillis);
            assertThat(Integer.parseInt(account.group(2))).as("%s: told", name).isPositive();
            assertThat(Integer.parseInt(account.group(3)))
                    .as("%s: untold", name)
                    .isZero();
        }
    }
}
