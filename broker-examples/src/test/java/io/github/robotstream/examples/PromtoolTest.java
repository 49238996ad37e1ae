package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.spi.LogSink;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Prometheus' own checker reads what the broker's metrics say. */
class PromtoolTest {
    @Test
    void theMetricsAreAsPrometheusWantsThem() throws Exception {
        String promtool = Installed.orSkip("promtool");
        Permissions owner = Permissions.all().subscribe("$stats", "$clients");
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .logSink(LogSink.none())
                .tokenVerifier(request -> ClientPrincipal.of("monitor", owner))
                .start()) {
            URI port = URI.create("http://127.0.0.1:" + broker.address().getPort());
            HttpClient http = HttpClient.newHttpClient();
            http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws" + port.toString().substring(4) + "/wss"),
                            new java.net.http.WebSocket.Listener() {})
                    .get(10, TimeUnit.SECONDS)
                    .sendText("{\"action\":\"subscribe\",\"topic\":\"#\"}", true)
                    .get(10, TimeUnit.SECONDS);
            Awaitility.await().until(() -> {
                broker.publish("joints/\"left\"/\u00fc", Payload.of("angle", "float", "0.5"));
                return broker.stats().delivered() > 0;
            });
            String metrics = http.send(
                            HttpRequest.newBuilder(port.resolve("/metrics")).build(), BodyHandlers.ofString())
                    .body();
            assertThat(metrics)
                    .contains("robotstream_session_queued{")
                    .contains(
                            "robotstream_topic_sent_age_seconds{topic=\"joints/\\\"left\\\"/\u00fc\",statistic=\"p99\"} ");

            Process check = new ProcessBuilder(promtool, "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
            check.getOutputStream().write(metrics.getBytes(StandardCharsets.UTF_8));
            check.getOutputStream().close();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(check.waitFor()).as(said).isZero();
            assertThat(said).isEmpty();
        }
    }
}
