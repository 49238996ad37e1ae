package io.github.robotstream.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a page in a real browser sees, Debian's Chromium without a window. */
class BrowserTest {
    /** Connects as its fragment says, {@code #URL}, and tells what it sees as browsers tell their console. */
    private static final String PAGE = """
            <!doctype html><title>robot</title><script>
            const ws = new WebSocket(decodeURIComponent(location.hash.slice(1)));
            ws.onopen = () => ws.send('{"action":"subscribe","topic":"focus"}');
            ws.onmessage = (event) => console.log('page saw message ' + event.data);
            ws.onclose = (event) => console.log('page saw close ' + event.code + ' ' + event.reason);
            </script>
            """;

    /** A page whose loop works 40 ms on each message of a clock, and tells after ten seconds how old the oldest was. */
    private static final String BUSY_PAGE = """
            <!doctype html><title>busy</title><script type="module">
            import { connect } from './robotstream.js';
            const robot = await connect(decodeURIComponent(location.hash.slice(1)));
            const began = performance.now();
            let oldest = 0;
            for await (const { value } of robot.subscribe('clock', { policy: 'latest' })) {
              oldest = Math.max(oldest, Date.now() - value);
              if (performance.now() - began > 10_000) break;
              for (const end = performance.now() + 40; performance.now() < end; );
            }
            console.log('page saw oldest ' + oldest);
            </script>
            """;

    private static final long MOST_AGE_MILLIS = 6_000; // ten times the promise; 200 Hz at that pace would be 8 s old

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final Secret secret = Secret.random();

    private RobotStreamBroker start(boolean tls) throws Exception {
        byte[] client = Files.readAllBytes(Path.of("clients", "javascript", "robotstream.js"));
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(secret.bytes()).build())
                .http(http -> http.page("/page", "text/html; charset=utf-8", PAGE.getBytes(UTF_8))
                        .page("/busy", "text/html; charset=utf-8", BUSY_PAGE.getBytes(UTF_8))
                        .page("/robotstream.js", "text/javascript", client));
        if (tls) {
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            programs.demoJar(
                            "certificate",
                            "127.0.0.1",
                            "--certificate",
                            certificate.toString(),
                            "--key",
                            key.toString())
                    .awaitExit();
            builder.tls(TlsSettings.pem(certificate, key));
        }
        RobotStreamBroker broker = builder.start();
        broker.publish("focus", Payload.of("focus", "string", "\"ball\""));
        return broker;
    }

    private String good() {
        return new TokenMint(secret, Clock.systemUTC()).mint("operator-3", Duration.ofHours(1));
    }

    private String expired() {
        Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1));
        return new TokenMint(secret, yesterday).mint("operator-3", Duration.ofHours(1));
    }

    private static String url(String scheme, RobotStreamBroker broker, String token) {
        return scheme + "://127.0.0.1:" + broker.address().getPort() + "/wss?token=" + token;
    }

    private String file() throws IOException {
        return Files.writeString(folder.resolve("page.html"), PAGE).toUri().toString();
    }

    private static String served(String scheme, RobotStreamBroker broker) {
        return scheme + "://127.0.0.1:" + broker.address().getPort() + "/page";
    }

    private Program open(String page, String url, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"));
        command.add(Installed.orSkip("chromium-headless-shell", "chromium"));
        command.addAll(List.of(
                "--headless",
                "--no-sandbox", // which root, and containers, do not have
                "--disable-gpu",
                "--no-first-run",
                "--no-proxy-server",
                "--remote-debugging-port=0",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(List.of(options));
        command.add(page + "#" + url);
        return programs.start("chromium", command, Map.of("HOME", folder.toString()));
    }

    private static void seesItsTokenExpired(Program browser) throws InterruptedException {
        assertThat(browser.awaitLine("page saw ")).contains("page saw close 4401 token_expired: ");
    }

    private static void seesTheRobot(Program browser) throws InterruptedException {
        assertThat(browser.awaitLine("page saw ")).contains("page saw message").contains("ball");
    }

    @Test
    void aPageFromAFileSees4401AndWhyWhenItsTokenHasExpired() throws Exception {
        try (RobotStreamBroker broker = start(false)) {
            seesItsTokenExpired(open(file(), url("ws", broker, expired())));
        }
    }

    @Test
    void aPageFromAFileIsServedWithAGoodToken() throws Exception {
        try (RobotStreamBroker broker = start(false)) {
            seesTheRobot(open(file(), url("ws", broker, good())));
        }
    }

    @Test
    void aPageOfTheBrokerSees4401AndWhyWhenItsTokenHasExpired() throws Exception {
        try (RobotStreamBroker broker = start(false)) {
            seesItsTokenExpired(open(served("http", broker), url("ws", broker, expired())));
        }
    }

    @Test
    void aPageOfTheBrokerIsServedWithAGoodToken() throws Exception {
        try (RobotStreamBroker broker = start(false)) {
            seesTheRobot(open(served("http", broker), url("ws", broker, good())));
        }
    }

    @Test
    void throughTlsAPageIsServedWithAGoodToken() throws Exception {
        try (RobotStreamBroker broker = start(true)) {
            seesTheRobot(open(served("https", broker), url("wss", broker, good()), "--ignore-certificate-errors"));
        }
    }

    @Test
    void throughTlsAPageSees4401AndWhyWhenItsTokenHasExpired() throws Exception {
        try (RobotStreamBroker broker = start(true)) {
            seesItsTokenExpired(
                    open(served("https", broker), url("wss", broker, expired()), "--ignore-certificate-errors"));
        }
    }

    @Test
    void aPageThatWorksLongOnEachMessageIsShownFreshData() throws Exception {
        ScheduledExecutorService robot = Executors.newSingleThreadScheduledExecutor();
        try (RobotStreamBroker broker = start(false)) {
            ScheduledFuture<?> published = robot.scheduleAtFixedRate(
                    () -> broker.publish("clock", Payload.of("clock", "ms", Long.toString(System.currentTimeMillis()))),
                    0,
                    5,
                    TimeUnit.MILLISECONDS);
            String page = "http://127.0.0.1:" + broker.address().getPort() + "/busy";
            String oldest = open(page, url("ws", broker, good())).awaitLine("page saw oldest ");
            assertThat(Long.parseLong(oldest.replaceFirst(".*page saw oldest (\\d+).*", "$1")))
                    .as("ms")
                    .isLessThan(MOST_AGE_MILLIS);
            assertThat(published.isDone())
                    .as("the robot has stopped publishing")
                    .isFalse();
        } finally {
            robot.shutdownNow();
        }
    }
}
