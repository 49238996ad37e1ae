package io.github.robotstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.HttpSettings;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Sources;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have the metrics, and what they tell. */
@Timeout(60)
class MetricsTest {
    private static final Map<String, Permissions> TOKENS = Map.of(
            "all-topics",
            Permissions.all(),
            "monitor",
            Permissions.none().subscribe("$stats"),
            "monitor-of-joints",
            Permissions.none().subscribe("$stats", "joints/#"),
            "owner",
            Permissions.all().subscribe("$stats", "$clients"));

    private final HttpClient http = HttpClient.newHttpClient();
    private RobotStreamBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = start(http -> {});
    }

    private static RobotStreamBroker start(Consumer<HttpSettings> change) throws IOException {
        return RobotStreamBroker.builder()
                .port(0)
                .logSink(LogSink.none())
                .http(change)
                .tokenVerifier(new Tokens())
                .start();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    /** A token is its own name, and its subject a name that has to be escaped. */
    private static final class Tokens implements TokenVerifier {
        @Override
        public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
            Permissions rights = request.token().map(TOKENS::get).orElse(null);
            if (rights == null) {
                throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "unknown");
            }
            return ClientPrincipal.of("the \"boss\"", rights);
        }
    }

    private HttpResponse<String> get(String query, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + broker.address().getPort() + "/metrics" + query));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String metrics(String token) throws Exception {
        HttpResponse<String> response = get("", "Authorization", "Bearer " + token);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        return response.body();
    }

    private static List<Consumer<HttpSettings>> waysToRefuse() {
        return List.of(usual -> {}, HttpSettings::refuseByStatus, HttpSettings::refuseByCloseCode);
    }

    @ParameterizedTest
    @MethodSource("waysToRefuse")
    void nobodyHasThemWithoutAToken(Consumer<HttpSettings> way) throws Exception {
        broker.close();
        broker = start(way);

        for (HttpResponse<String> response :
                List.of(get(""), get("", "Origin", "http://localhost"), get("?token=wrong"))) {
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(response.body()).doesNotContain("robotstream_");
        }
    }

    @Test
    void aTokenThatMayNotReadStatsIsRefusedThem() throws Exception {
        HttpResponse<String> response = get("", "Authorization", "Bearer all-topics");

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("$stats").doesNotContain("robotstream_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE", "HEAD"})
    void theyAreThereForGetAlone(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + broker.address().getPort() + "/metrics"))
                .method(method, BodyPublishers.noBody())
                .header("Authorization", "Bearer owner")
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void whoMayReadStatsIsToldTheBrokersNumbersAndNoSubjects() throws Exception {
        TestClient client = connected();

        assertThat(metrics("monitor"))
                .contains("\nrobotstream_sessions 1\n")
                .contains("# TYPE robotstream_messages_published_total counter\nrobotstream_messages_published_total ")
                .contains("\nrobotstream_deliveries_dropped_total{cause=\"")
                .contains("\nrobotstream_read_age_seconds{statistic=\"p99\"} ")
                .doesNotContain("boss");
        client.abort();
    }

    @Test
    void whoMayReadClientsIsToldTheNumbersOfSessionsToo() throws Exception {
        TestClient client = connected();

        assertThat(metrics("owner"))
                .contains("\nrobotstream_session_queued{session=\"c-1\",subject=\"the \\\"boss\\\"\"} 0\n");
        client.abort();
    }

    @Test
    void ofTopicsThatTheTokenMaySubscribeToItIsToldTheNumbers() throws Exception {
        TestClient client = connected();
        client.send(Requests.subscribe("joints/\\\"left\\\"", 2));
        assertThat(client.next()).contains("\"ack\"");
        broker.publish("joints/\"left\"", Payload.of("n", "t", "1"));
        broker.publish("secret", Payload.of("n", "t", "1"));
        client.next();
        Awaitility.await()
                .until(() -> broker.stats().delivered() == 1 && broker.topics().size() == 5);

        assertThat(metrics("monitor-of-joints"))
                .contains("\nrobotstream_topic_messages_total{topic=\"joints/\\\"left\\\"\"} 1\n")
                .contains("\nrobotstream_topic_queued{topic=\"joints/\\\"left\\\"\"} 0\n")
                .contains("\nrobotstream_topic_dropped_total{topic=\"joints/\\\"left\\\"\"} 0\n")
                .contains("\nrobotstream_topic_sent_age_seconds{topic=\"joints/\\\"left\\\"\",statistic=\"p99\"} 0.")
                .contains("\nrobotstream_topics_left_out 0\n")
                .doesNotContain("secret");
        client.abort();
    }

    @Test
    void theTopicsWithMostMessagesAreToldAndHowManyOthersThereAre() throws Exception {
        for (int i = 0; i < Metrics.MOST_TOPICS + 7; i++) {
            broker.publish("joints/" + i, Payload.of("n", "t", "1"));
        }
        broker.publish("joints/206", Payload.of("n", "t", "2"));
        Awaitility.await()
                .until(() -> broker.topics().stream()
                        .anyMatch(topic -> topic.name().equals("joints/206") && topic.messages() == 2));

        String metrics = metrics("monitor-of-joints");
        assertThat(metrics)
                .contains("\nrobotstream_topic_messages_total{topic=\"joints/206\"} 2\n")
                .contains("\nrobotstream_topics_left_out 8\n"); // with $stats
        assertThat(metrics.lines().filter(line -> line.startsWith("robotstream_topic_messages_total{")))
                .hasSize(Metrics.MOST_TOPICS);
    }

    @Test
    void theDocumentationListsEachOfThem() throws Exception {
        TestClient client = connected();
        String page = Sources.text(Sources.project().resolve("docs/monitoring.md"));

        assertThat(metrics("owner").lines().filter(line -> line.startsWith("# TYPE ")))
                .hasSizeGreaterThan(20)
                .allSatisfy(line -> {
                    String[] words = line.split(" ", -1);
                    assertThat(page).containsPattern("\\| `" + words[2] + "(\\{\\w+\\})?` \\| " + words[3] + " \\|");
                });
        client.abort();
    }

    @Test
    void theyAreMadeAnewForEachRequest() throws Exception {
        assertThat(metrics("monitor")).contains("\nrobotstream_sessions 0\n");
        TestClient client = connected();

        assertThat(metrics("monitor")).contains("\nrobotstream_sessions 1\n");
        client.abort();
    }

    @Test
    void noPageTakesTheirPlace() {
        assertThatThrownBy(() -> RobotStreamBroker.builder().http(h -> h.page("/metrics", "text/plain", new byte[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/metrics");
    }

    private TestClient connected() throws IOException {
        SocketTestClient client = SocketTestClient.to(broker.address())
                .target("/wss?token=all-topics")
                .connect();
        client.send(Requests.subscribe("nothing", 1));
        assertThat(client.next()).contains("\"ack\"");
        return client;
    }
}
