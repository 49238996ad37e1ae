package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that know nothing of freshness, and take a quarter of a topic of 200 messages a second. */
class FreshnessTest {
    private static final Topic<Long> CLOCK = Topic.state("clock", "ms", Long.class);
    private static final Duration TIME = Duration.ofSeconds(10);
    /** Ten times the promise, and less than what a backlog of {@link #TIME} makes. */
    private static final int MOST_AGE_MILLIS = 6_000;

    private static final Pattern ACCOUNT =
            Pattern.compile("oldest (\\d+) ms, came (\\d+), told (\\d+), untold (-?\\d+)");

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void aSlowClientIsShownFreshDataAndToldOfEachMessageThatItLost() throws Exception {
        Secret secret = Secret.random();
        String token = new TokenMint(secret, Clock.systemUTC()).mint("tester", Duration.ofHours(1));
        ScheduledExecutorService robot = Executors.newSingleThreadScheduledExecutor();
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(secret.bytes()).build())
                .start()) {
            ScheduledFuture<?> published = robot.scheduleAtFixedRate(
                    () -> broker.publish(CLOCK, System.currentTimeMillis()), 0, 5, TimeUnit.MILLISECONDS);
            String url = "ws://127.0.0.1:" + broker.address().getPort() + "/wss";
            List<Program> clients = List.of(
                    RealClients.PYTHON.slow(programs, url, token, CLOCK.name(), TIME),
                    RealClients.PYTHON.slow(programs, url, token, CLOCK.name(), TIME, "sync"),
                    RealClients.NODE_WS.slow(programs, url, token, CLOCK.name(), TIME));
            for (Program client : clients) {
                MatchResult account = account(client);
                assertThat(number(account, 1)).as("oldest, in ms").isLessThan(MOST_AGE_MILLIS);
                assertThat(number(account, 3)).as("told").isPositive();
                assertThat(number(account, 4)).as("untold").isZero();
            }
            assertThat(published.isDone())
                    .as("the robot has stopped publishing")
                    .isFalse();
        } finally {
            robot.shutdownNow();
        }
    }

    private static MatchResult account(Program client) throws InterruptedException {
        Matcher account = ACCOUNT.matcher(client.awaitLine("oldest"));
        assertThat(account.find()).isTrue();
        return account.toMatchResult();
    }

    private static int number(MatchResult account, int group) {
        return Integer.parseInt(account.group(group));
    }
}
