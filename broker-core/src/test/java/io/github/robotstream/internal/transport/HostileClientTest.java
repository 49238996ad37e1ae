package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.BesideAnHonestClient;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that keep to WebSocket and to nothing else. */
class HostileClientTest extends BesideAnHonestClient {
    private static final int RETAINED = 8 << 20;
    private static final int NEW_TOPICS = 25;
    private static final Duration PATIENCE = Duration.ofMinutes(1); // for a megabyte on a machine that is busy

    @Override
    protected BrokerBuilder set(BrokerBuilder builder) {
        return builder.limits(limits -> limits.newTopicsPerSession(NEW_TOPICS).retainedBytes(RETAINED));
    }

    @Test
    void neverReads() throws Exception {
        SocketTestClient client = connect();
        client.send(Requests.subscribe("texts", 1));
        client.next();
        client.stopReading();
        String text = "\"" + "x".repeat(4096) + "\"";
        while (broker.stats().dropped() == 0) {
            broker.publish("texts", Payload.of("texts", "text", text));
        }
        await().untilAsserted(() -> assertThat(sink.events()).contains("messages_dropped"));
        assertThat(broker.sessions())
                .filteredOn(session -> session.dropped() > 0)
                .singleElement()
                .satisfies(session -> assertThat(session.queuedBytes()).isLessThanOrEqualTo(4 << 20));
    }

    @Test
    void valuesOfAMegabyteOnEverNewTopics() throws Exception {
        SocketTestClient client = connect();
        String megabyte = "\"" + "x".repeat(1_000_000) + "\"";
        int topicsBefore = broker.stats().topics();
        for (int i = 0; i < NEW_TOPICS; i++) {
            client.send(Requests.publish("flood/" + i, megabyte, i));
            assertThat(client.next(PATIENCE)).contains("\"ack\"");
        }
        client.send(Requests.publish("flood/more", megabyte, 100));
        assertThat(client.next(PATIENCE)).contains("\"too_many_topics\"").contains("\"id\":100");
        client.send(Requests.publish("flood/7", "7", 7));
        assertThat(client.next()).as("a topic that is there takes more").contains("\"ack\"");
        assertThat(broker.stats().topics()).isEqualTo(topicsBefore + NEW_TOPICS);
        long kept = IntStream.range(0, NEW_TOPICS)
                .filter(i -> broker.latest(Topic.state("flood/" + i, "any", String.class))
                        .isPresent())
                .count();
        assertThat(kept).as("values of a megabyte in a budget of eight").isBetween(2L, 9L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"action\":\"explode\",\"id\":1}|unknown_action",
                "{\"action\":\"subscribe\",\"topic\":\"a\"|bad_json",
                "{\"action\":\"publish\",\"topic\":\"a\",\"data\":NaN}|bad_json",
                "[]|bad_request",
                "7|bad_request",
                "{}|bad_request",
                "{\"action\":\"subscribe\"}|bad_request",
                "{\"action\":\"subscribe\",\"topic\":7}|bad_request",
                "{\"action\":\"subscribe\",\"topic\":\"a\",\"topic\":\"b\"}|bad_json",
                "{\"action\":\"subscribe\",\"topic\":\"a+b\"}|bad_topic",
                "{\"action\":\"publish\",\"topic\":\"a\"}|bad_request",
                "{\"action\":\"publish\",\"topic\":\"a\",\"data\":{\"name\":\"a\"}}|bad_request",
                "{\"action\":\"publish\",\"topic\":\"server_logs\",\"data\":{\"name\":\"a\",\"type\":\"b\",\"data\":1}}|forbidden",
                "{\"action\":\"subscribe\",\"topic\":\"$SYS/load\"}|forbidden",
                "{\"action\":\"unsubscribe\",\"id\":1,\"topic\":\"never\"}|not_subscribed",
            })
    void nonsense(String text, String code) throws Exception {
        SocketTestClient client = connect();
        client.send(text);
        assertThat(client.next()).contains("\"action\":\"error\"", "\"code\":\"" + code + "\"");
        client.send(Requests.publish("numbers", "1", 1));
        assertThat(client.next()).contains("\"ack\"");
    }

    @Test
    void nestedAsDeepAsAMegabyteGoes() throws Exception {
        SocketTestClient client = connect();
        client.send("[".repeat(1 << 20));
        assertThat(client.next()).contains("\"bad_json\"");
        client.send(Requests.publish("deep", "[".repeat(60) + "]".repeat(60), 1));
        assertThat(client.next()).contains("\"ack\"");
    }

    @Test
    void aTopicNameOfAMegabyte() throws Exception {
        SocketTestClient client = connect();
        String name = "x".repeat((1 << 20) - 100);
        client.send(Requests.subscribe(name, 1));
        assertThat(client.next()).contains("\"bad_topic\"").hasSizeLessThan(1000);
        client.send(Requests.publish("a", "1", 1).replace("\"topic\":\"a\"", "\"topic\":\"" + name + "\""));
        assertThat(client.next()).contains("\"bad_topic\"").hasSizeLessThan(1000);
    }

    @Test
    void aMessageOfMoreThanAMegabyte() throws Exception {
        SocketTestClient client = connect();
        client.send("x".repeat((1 << 20) + 1));
        assertThat(client.closeCode()).isEqualTo(1009);
    }

    @Test
    void aHundredErrorsInARow() throws Exception {
        SocketTestClient client = connect();
        for (int i = 0; i < 100; i++) {
            client.send("nonsense");
        }
        assertThat(client.closeCode()).isEqualTo(1008);
        assertThat(client.closeReason()).startsWith("bad_request");
    }

    @Test
    void moreSubscriptionsThanThereMayBe() throws Exception {
        SocketTestClient client = connect();
        for (int i = 0; i < 256; i++) {
            client.send(Requests.subscribe("a/" + i, i));
            assertThat(client.next()).contains("\"ack\"");
        }
        client.send(Requests.subscribe("a/256", 256));
        assertThat(client.next()).contains("\"too_many_subscriptions\"");
    }

    @Test
    void wrongTokens() throws Exception {
        refused("", "token_missing");
        refused("?token=", "token_missing");
        refused("?token=abc", "token_invalid");
        refused("?token=" + "x".repeat(16_000), "token_invalid");
        refused("?token=" + tokens.endingIn(Duration.ofHours(-1), "operator"), "token_expired");
        String good = tokens.endingIn(Duration.ofHours(1), "operator");
        refused("?token=" + good.substring(0, good.length() - 4) + "AAAA", "token_invalid");
    }

    private void refused(String query, String reason) throws Exception {
        try (SocketTestClient client =
                SocketTestClient.to(broker.address()).target("/wss" + query).requestUpgrade()) {
            assertThat(client.status()).isEqualTo(401);
            assertThat(client.answerBody()).startsWith("{\"status\":401,\"message\":\"" + reason + ": ");
        }
    }

    @Test
    void aFloodOfRequestsWhoseAnswersNobodyReads() throws Exception {
        AtomicLong flooded = new AtomicLong();
        broker.subscribe(TopicFilter.of("flood"), message -> flooded.incrementAndGet());
        SocketTestClient client = connect();
        client.stopReading();
        Thread flooding = new Thread(() -> {
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    client.send(Requests.publish("flood", "\"" + "x".repeat(1000) + "\"", i));
                }
            } catch (UncheckedIOException closedByTheTest) {
                // at the latest then
            }
        });
        flooding.start();
        // Its sending stands still: not a message was taken in a hundred rounds of the honest client.
        await().until(() -> {
            long before = flooded.get();
            witness.makesMoreRounds(100);
            return before > 0 && flooded.get() == before;
        });
        assertThat(broker.sessions())
                .allSatisfy(s -> assertThat(s.queuedMessages()).isLessThan(100));
        client.close();
        flooding.join();
    }

    @Test
    void aFloodOfMessagesThatNobodyWants() throws Exception {
        SocketTestClient client = connect();
        for (int i = 0; i < 100_000; i++) {
            client.send(Requests.publish("flood", Integer.toString(i)));
        }
        client.send(Requests.publish("flood", "1", 1));
        assertThat(nextWith(client, "\"ack\"")).contains("\"seq\":100001");
    }

    @Test
    void aFloodOfMessagesToItself() throws Exception {
        SocketTestClient client = connect();
        client.send(Requests.subscribe("flood", 1));
        client.next();
        for (int i = 0; i < 20_000; i++) {
            client.send(Requests.publish("flood", Integer.toString(i)));
        }
        client.send(Requests.publish("flood", "1", 1));
        assertThat(nextWith(client, "\"ack\"")).contains("\"seq\":20001");
    }

    @Test
    void subscribingAndUnsubscribingWithoutEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            broker.publish("state/" + i, Payload.of("state", "any", "1"));
        }
        SocketTestClient client = connect();
        for (int i = 0; i < 5_000; i++) {
            client.send(Requests.subscribe("state/#"));
            client.send("{\"action\":\"unsubscribe\",\"topic\":\"state/#\"}");
        }
        client.send(Requests.publish("numbers", "1", 1));
        nextWith(client, "\"ack\"");
    }
}
