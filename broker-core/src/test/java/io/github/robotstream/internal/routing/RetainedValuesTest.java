package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound on last values, with messages of 100 bytes. */
class RetainedValuesTest {
    private static final int SIZE = 100;

    private final RouterFixture fixture = new RouterFixture(1_000, 10 * SIZE);

    private void publish(TopicState topic) {
        fixture.route(Messages.ofSize(topic, SIZE));
    }

    private void publish(String topic) {
        publish(fixture.topic(topic));
    }

    private List<String> retained() {
        List<String> names = new ArrayList<>();
        for (TopicState topic : fixture.topics.all()) {
            if (topic.latest() != null) {
                names.add(topic.name());
            }
        }
        return names;
    }

    @Test
    void beyondTheBoundTheOldestValueIsForgotten() {
        for (int i = 0; i < 10; i++) {
            publish("t" + i);
        }
        assertThat(retained()).hasSize(10);
        publish("t0");
        publish("t10");
        publish("t11");
        assertThat(retained()).hasSize(10).contains("t0", "t10", "t11").doesNotContain("t1", "t2");
    }

    @Test
    void aTopicWhoseValueWasForgottenGoesOnWithItsNumbers() {
        for (int i = 0; i < 20; i++) {
            publish("t" + i);
        }
        assertThat(retained()).doesNotContain("t0");
        assertThat(fixture.publish("t0", 1).sequence()).isEqualTo(2);
    }

    @Test
    void aNewValueTakesThePlaceOfItsTopicsOld() {
        for (int i = 0; i < 100; i++) {
            publish("a");
            publish("b");
        }
        assertThat(retained()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void declaredTopicsAndServerLogsAlwaysKeepTheirs() {
        publish(fixture.topics.builtIn("server_logs", 200));
        for (int i = 0; i < 20; i++) {
            publish(fixture.state("declared " + i));
        }
        publish("client's");
        assertThat(retained()).hasSize(21).doesNotContain("client's");
    }

    @Test
    void whatIsDeclaredLaterKeepsItsValueFromThenOn() {
        publish("a");
        publish("b");
        fixture.state("a");
        for (int i = 0; i < 20; i++) {
            publish("t" + i);
        }
        assertThat(retained()).hasSize(10).contains("a").doesNotContain("b");
    }

    @Test
    void whatIsClearedMakesRoom() {
        for (int i = 0; i < 10; i++) {
            publish("t" + i);
        }
        fixture.router.clear(fixture.topic("t9"), "e2");
        publish("t10");
        assertThat(retained()).hasSize(10).contains("t0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverHappensItKeepsTheNewestThatFit(long seed) {
        Random random = new Random(seed);
        List<String> newestLast = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String topic = "t" + random.nextInt(30);
            newestLast.remove(topic);
            if (random.nextInt(4) == 0) {
                fixture.router.clear(fixture.topic(topic), "e" + i);
            } else {
                publish(topic);
                newestLast.add(topic);
            }
            if (newestLast.size() > 10) {
                newestLast.remove(0);
            }
            assertThat(retained()).containsExactlyInAnyOrderElementsOf(newestLast);
        }
    }
}
