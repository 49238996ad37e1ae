package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.testing.OneClientBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FlushIntervalTest {
    private static final Topic<String> POSE = Topic.state("pose", "Pose", String.class);
    private static final Duration INTERVAL = Duration.ofMillis(2);

    private static OneClientBroker withInterval() throws IOException {
        OneClientBroker client = new OneClientBroker(
                settings -> settings.anonymousAccess(Permissions.all()).flushInterval(INTERVAL));
        client.deliver("{\"action\": \"subscribe\", \"topic\": \"pose\"}");
        client.settle();
        client.clock.advance(INTERVAL);
        client.settle();
        client.sent().clear();
        return client;
    }

    @Test
    void afterRestAMessageLeavesAtOnceAndWhatFollowsLeavesTogetherWhenTheIntervalIsOver() throws IOException {
        try (OneClientBroker client = withInterval()) {
            client.clock.advance(INTERVAL);
            client.broker.publish(POSE, "first");
            client.settle();
            assertThat(client.sent()).hasSize(1);
            client.broker.publish(POSE, "second");
            client.broker.publish(POSE, "third");
            client.settle();
            assertThat(client.sent()).as("before the interval is over").hasSize(1);
            client.clock.advance(INTERVAL);
            client.settle();
            assertThat(client.sent()).hasSize(3);
        }
    }

    @Test
    void aBacklogGoesOutAsFastAsTheSocketTakesItWhateverTheInterval() throws IOException {
        try (OneClientBroker client = withInterval()) {
            client.clock.advance(INTERVAL);
            String large = "x".repeat(40_000);
            for (int i = 0; i < 10; i++) {
                client.broker.publish(POSE, large);
            }
            client.settle();
            assertThat(client.sent()).hasSize(10);
        }
    }

    @Test
    void nothingIsLostToTheIntervalThoughMoreIsPublishedThanAQueueHolds() throws IOException {
        try (OneClientBroker client = withInterval()) {
            for (int i = 0; i < 5_000; i++) {
                client.broker.publish(POSE, "value " + i);
            }
            client.settle();
            client.clock.advance(INTERVAL);
            client.settle();
            assertThat(client.sent()).hasSize(5_000);
        }
    }

    @Test
    void socketsGetTheBufferThatIsSet() {
        AtomicReference<Settings> seen = new AtomicReference<>();
        TransportFactory looksOnly = (settings, tls, listener) -> {
            seen.set(settings);
            throw new IOException("looked at");
        };
        assertThatThrownBy(RobotStreamBroker.builder()
                        .anonymousAccess(Permissions.all())
                        .limits(limits -> limits.socketBufferBytes(65_536))
                        .inTest(hooks -> hooks.transports = looksOnly)::start)
                .hasMessage("looked at");
        assertThat(seen.get().socketBufferBytes).isEqualTo(65_536);
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        refused(builder -> builder.flushInterval(Duration.ofMillis(-1)), "flushInterval is PT-0.001S");
        refused(builder -> builder.flushInterval(Duration.ofMillis(101)), "flushInterval is PT0.101S");
        refused(builder -> builder.limits(limits -> limits.socketBufferBytes(1_000)), "socketBufferBytes is 1000");
        refused(
                builder -> builder.limits(limits -> limits.socketBufferBytes(17 << 20)),
                "socketBufferBytes is 17825792");
    }

    private static void refused(Consumer<BrokerBuilder> change, String message) {
        BrokerBuilder builder = RobotStreamBroker.builder();
        assertThatThrownBy(() -> change.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
