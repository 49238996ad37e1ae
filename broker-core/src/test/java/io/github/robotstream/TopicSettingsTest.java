package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be set for a topic; what it means for clients, see {@code ProtocolTopicSettingsTest}. */
class TopicSettingsTest {
    private static final Topic<Integer> POSE = Topic.state("pose", "int", Integer.class);
    private static final Topic<String> GO = Topic.command("go", "string", String.class);

    @Test
    void commandsAreNeverRetained() {
        RobotStreamBroker.builder().topic(GO, topic -> topic.retained(false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder().topic(GO, topic -> topic.retained(true)))
                .withMessageContaining("go")
                .withMessageContaining("command topic");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.009, 10_001, Double.NaN})
    void aRateOutOfRangeIsRefused(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RobotStreamBroker.builder().topic(POSE, topic -> topic.maxClientRate(rate)))
                .withMessageStartingWith("maxClientRate is " + rate);
    }
}
