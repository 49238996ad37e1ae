package io.github.robotstream.internal.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.testing.HttpRefused;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Sources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK's flight recorder has of a broker, on real sockets. */
@Timeout(60)
class FlightEventsTest {
    private static final String PREFIX = "robotstream.";
    private static final List<String> OF_EVERY_EVENT = List.of("startTime", "duration", "eventThread", "stackTrace");
    private static final String TOKEN = "secret-of-operator-7";
    private static final Topic<String> STATUS = Topic.state("status", "text", String.class);
    private static final Duration SLOW = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private final Recording recording = new Recording();
    private RobotStreamBroker broker;
    private volatile Duration verifierTakes = Duration.ZERO;

    @BeforeEach
    void start() throws IOException {
        recording.start();
        broker = RobotStreamBroker.builder()
                .port(0)
                .logSink(LogSink.none())
                .tokenVerifier(this::verify)
                .start();
    }

    @AfterEach
    void end() {
        broker.close();
        recording.close();
    }

    private ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
        take(verifierTakes);
        if (!request.token().filter(TOKEN::equals).isPresent()) {
            throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "unknown");
        }
        return ClientPrincipal.of("operator", Permissions.all());
    }

    private static void take(Duration time) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private SocketTestClient connected() throws IOException {
        SocketTestClient client = SocketTestClient.to(broker.address())
                .target("/wss?token=" + TOKEN)
                .connect();
        client.send(Requests.subscribe("status", 1));
        assertThat(client.next()).contains("\"ack\"");
        return client;
    }

    private void awaitSessions(int number) {
        Awaitility.await().until(() -> broker.stats().sessions() == number);
    }

    /** All events, which are complete once the broker is closed. */
    private List<RecordedEvent> recorded() throws IOException {
        broker.close();
        recording.stop();
        Path file = folder.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith(PREFIX))
                .toList();
    }

    private static List<RecordedEvent> of(List<RecordedEvent> all, String name) {
        return all.stream()
                .filter(event -> event.getEventType().getName().equals(PREFIX + name))
                .toList();
    }

    private static RecordedEvent only(List<RecordedEvent> all, String name) {
        List<RecordedEvent> those = of(all, name);
        assertThat(those).hasSize(1);
        return those.get(0);
    }

    @Test
    void aSessionIsRecordedWhenItComesAndWhenItGoes() throws Exception {
        connected().close(1000, "bye");
        awaitSessions(0);

        List<RecordedEvent> all = recorded();
        RecordedEvent opened = only(all, "SessionOpened");
        assertThat(opened.getString("session")).isEqualTo("c-1");
        assertThat(opened.getString("subject")).isEqualTo("operator");
        assertThat(opened.getString("address")).startsWith("127.0.0.1:");
        RecordedEvent closed = only(all, "SessionClosed");
        assertThat(closed.getString("session")).isEqualTo("c-1");
        assertThat(closed.getString("subject")).isEqualTo("operator");
        assertThat(closed.getString("address")).isEqualTo(opened.getString("address"));
        assertThat(closed.getInt("code")).isEqualTo(1000);
        assertThat(closed.getString("reason")).as("a client's own words").isEmpty();
    }

    @Test
    void whyTheBrokerEndedASessionIsRecorded() throws Exception {
        SocketTestClient client = connected();
        broker.disconnect("c-1", "maintenance");
        client.awaitEnd(Duration.ofSeconds(30));
        awaitSessions(0);

        RecordedEvent closed = only(recorded(), "SessionClosed");
        assertThat(closed.getInt("code")).isEqualTo(4403);
        assertThat(closed.getString("reason")).isEqualTo("disconnected: maintenance");
    }

    @Test
    void aHandshakeIsRecordedWithItsVerdictAndNoToken() throws Exception {
        connected().abort();
        assertThatThrownBy(() -> SocketTestClient.to(broker.address())
                        .target("/wss?token=stolen-token-9")
                        .connect())
                .isInstanceOf(HttpRefused.class);
        awaitSessions(0);

        List<RecordedEvent> all = recorded();
        assertThat(of(all, "Handshake"))
                .extracting(event -> event.getString("outcome"))
                .containsExactlyInAnyOrder("admitted", "token_invalid");
        assertThat(of(all, "Handshake")).allSatisfy(event -> {
            assertThat(event.getString("address")).startsWith("127.0.0.1:");
            assertThat(event.getDuration()).isPositive();
        });
        assertThat(all).allSatisfy(event -> assertThat(event.toString()).doesNotContain(TOKEN, "stolen-token-9"));
    }

    @Test
    void lossIsRecordedOnceAnEpisodeWithHowMuch() throws Exception {
        SocketTestClient client = connected();
        client.stopReading();
        String large = "x".repeat(10_000);
        while (broker.stats().dropped() < 200) {
            broker.publish(STATUS, large);
        }
        long lost = broker.sessions().get(0).dropped();
        client.abort();
        awaitSessions(0);

        List<RecordedEvent> losses = of(recorded(), "MessagesDropped");
        assertThat(losses).hasSizeBetween(1, 20).allSatisfy(event -> {
            assertThat(event.getString("session")).isEqualTo("c-1");
            assertThat(event.getString("subject")).isEqualTo("operator");
            assertThat(event.getString("topic")).isEqualTo("status");
            assertThat(event.getString("cause")).isEqualTo("queue_full");
        });
        assertThat(losses.stream().mapToLong(event -> event.getLong("dropped")).sum())
                .isGreaterThanOrEqualTo(lost);
    }

    @Test
    void onlySlowCallsOfListenersAreRecorded() throws Exception {
        CountDownLatch heard = new CountDownLatch(3);
        broker.subscribe(STATUS, value -> {
            take(value.equals("slow") ? SLOW.plusMillis(5) : Duration.ZERO);
            heard.countDown();
        });
        broker.publish(STATUS, "quick");
        broker.publish(STATUS, "slow");
        broker.publish(STATUS, "quick");
        assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();

        // A machine that stands still makes a quick call slow.
        assertThat(of(recorded(), "ListenerCall")).hasSizeBetween(1, 2).anySatisfy(event -> {
            assertThat(event.getString("topic")).isEqualTo("status");
            assertThat(event.getString("outcome")).isEqualTo("returned");
            assertThat(event.getDuration()).isGreaterThan(SLOW);
        });
    }

    @Test
    void aSlowVerifierIsRecorded() throws Exception {
        verifierTakes = SLOW.plusMillis(5);
        connected().abort();

        RecordedEvent call = only(recorded(), "VerifierCall");
        assertThat(call.getString("outcome")).isEqualTo("verified");
        assertThat(call.getString("address")).startsWith("127.0.0.1:");
        assertThat(call.getDuration()).isGreaterThan(SLOW);
    }

    @Test
    void withoutARecordingNothingIsMade() {
        recording.stop();

        assertThat(FlightEvents.listenerCall("status")).isSameAs(Span.NONE);
        assertThat(FlightEvents.verifierCall(broker.address())).isSameAs(Span.NONE);
        assertThat(FlightEvents.handshake(broker::address)).isSameAs(Span.NONE);
    }

    @Test
    void theDocumentationListsEachEventWithItsFields() {
        String page = Sources.text(Sources.project().resolve("docs/monitoring.md"));

        assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
                .filteredOn(type -> type.getName().startsWith(PREFIX))
                .hasSize(6)
                .allSatisfy(type -> {
                    String line = page.lines()
                            .filter(row -> row.startsWith("| `" + type.getName() + "` |"))
                            .findFirst()
                            .orElseThrow();
                    String fields = type.getFields().stream()
                            .map(ValueDescriptor::getName)
                            .filter(field -> !OF_EVERY_EVENT.contains(field))
                            .sorted()
                            .map(field -> '`' + field + '`')
                            .collect(Collectors.joining(", "));
                    assertThat(sorted(line.split("\\|", -1)[3])).as(line).isEqualTo(fields);
                });
    }

    private static String sorted(String list) {
        return Stream.of(list.strip().split(", ")).sorted().collect(Collectors.joining(", "));
    }
}
