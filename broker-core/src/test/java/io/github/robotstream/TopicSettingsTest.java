package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be set for a topic; what it means for clients, see {@code ProtocolTopicSettingsTest}. */
class TopicSettingsTest {
    private static final Topic<Integer> POSE = Topic.state("pose", "int", Integer.class);
    private static final Topic<String> GO = Topic.command("go", "string", String.class);

    @Test
    void commandsAreNeverRetained() {
        BrokerBuilder builder = RobotStreamBroker.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.topic(GO, topic -> topic.retained(true)))
                .withMessageContaining("go")
                .withMessageContaining("command topic");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.topic(GO, topic -> topic.retained(false)))
                .withMessageContaining("retained(...) is for state topics");
    }

    @Test
    void settingsWithoutAnEffectAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder().topic(GO, topic -> topic.history(5)))
                .withMessageContaining("go")
                .withMessageContaining("history(...) is for state topics");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(POSE, topic -> topic.history(5).retained(false)))
                .withMessageContaining("pose")
                .withMessageContaining("remove history(...) or retained(false)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(GO, topic -> topic.robotOnly().maxCommandAge(Duration.ofSeconds(1))))
                .withMessageContaining("go")
                .withMessageContaining("no client publishes there");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(POSE, topic -> topic.robotOnly().uncheckedFromClients()))
                .withMessageContaining("no client publishes there");
    }

    @Test
    void watchdogsAndAgesAreForCommands() {
        BrokerBuilder builder = RobotStreamBroker.builder();
        Duration second = Duration.ofSeconds(1);
        builder.topic(GO, topic -> topic.watchdog(second, "stop").maxCommandAge(second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.topic(POSE, topic -> topic.watchdog(second, 0)))
                .withMessageContaining("pose")
                .withMessageContaining("is for command topics");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.topic(POSE, topic -> topic.maxCommandAge(second)))
                .withMessageContaining("maxCommandAge(...)");
    }

    @Test
    void aSafeValueThatIsNoneOfTheTopicIsRefusedAtOnce() {
        Topic<Double> speed = Topic.command("speed", "float", Double.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder()
                        .topic(speed, topic -> topic.watchdog(Duration.ofSeconds(1), Double.NaN)))
                .withMessageContaining("the safe value NaN is not a value of Topic[speed");
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        BrokerBuilder builder = RobotStreamBroker.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder.topic(GO, topic -> topic.requireLease().stop("halt")))
                .withMessageContaining("go")
                .withMessageContaining("is a stop topic");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.topic(POSE, topic -> topic.leased().robotOnly()))
                .withMessageContaining("pose")
                .withMessageContaining("robotOnly()");
    }

    @Test
    void aSilenceOutOfRangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RobotStreamBroker.builder().topic(GO, topic -> topic.watchdog(Duration.ofMillis(9), "stop")))
                .withMessageStartingWith("watchdog is PT0.009S");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.009, 10_001, Double.NaN})
    void aRateOutOfRangeIsRefused(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder().topic(POSE, topic -> topic.maxClientRate(rate)))
                .withMessageStartingWith("maxClientRate is " + rate);
    }
}
