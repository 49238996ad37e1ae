package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.settings.TopicOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last messages of topics: how many, in how much memory, and which go first. */
class HistoriesTest {
    private static final int BUDGET = 100_000;

    private final RouterFixture fixture = new RouterFixture(1_000, BUDGET, 50);

    private static List<Long> numbers(TopicState topic) {
        List<Long> numbers = new ArrayList<>();
        TopicHistory history = topic.history;
        RoutedMessage next = history == null ? null : history.after(0);
        while (next != null) {
            numbers.add(next.sequence());
            next = history.after(next.sequence());
        }
        return numbers;
    }

    private static long bytes(TopicState topic) {
        return topic.history == null ? 0 : topic.history.bytes();
    }

    private void publish(TopicState topic, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            fixture.route(Messages.ofSize(topic, bytes));
        }
    }

    private static TopicOptions keeping(int messages) {
        TopicOptions options = new TopicOptions();
        options.history = OptionalInt.of(messages);
        return options;
    }

    @Test
    void aTopicKeepsAsManyAsItIsTold() {
        TopicState usual = fixture.topic("usual");
        TopicState few = fixture.topics.declare(Topic.state("few", "int", Integer.class), keeping(3));
        TopicState none = fixture.topics.declare(Topic.state("none", "int", Integer.class), keeping(0));
        TopicState command = fixture.command("command");
        for (TopicState topic : List.of(usual, few, none, command)) {
            publish(topic, 60, 100);
        }
        assertThat(numbers(usual)).hasSize(50).startsWith(11L);
        assertThat(usual.memoryFloor()).isEqualTo(10);
        assertThat(numbers(few)).containsExactly(58L, 59L, 60L);
        assertThat(none.history).isNull();
        assertThat(command.history).isNull();
        assertThat(fixture.topics.builtIn("server_logs", 200).historyLimit()).isZero();
    }

    @Test
    void theTopicThatHasMostLosesFirst() {
        TopicState quiet = fixture.topic("quiet");
        publish(quiet, 20, 100);
        TopicState camera = fixture.topic("camera");
        publish(camera, 50, 20_000);
        assertThat(numbers(quiet)).hasSize(20);
        assertThat(numbers(camera)).endsWith(50L).hasSizeBetween(2, 4);
    }

    @Test
    void allHistoryGoesBeforeALastValueDoes() {
        TopicState quiet = fixture.topic("quiet");
        publish(quiet, 20, 100);
        for (int i = 0; i < 9; i++) {
            publish(fixture.topic("large " + i), 1, 11_080);
        }
        assertThat(numbers(quiet)).isEmpty();
        assertThat(quiet.latest()).isNotNull();
        publish(fixture.topic("one more"), 1, 11_080);
        assertThat(quiet.latest()).isNull();
    }

    @Test
    void whatIsClearedOrExpiresIsKeptNoMore() {
        TopicState pose = fixture.topic("pose");
        publish(pose, 20, 100);
        fixture.router.clear(pose, "e2");
        assertThat(numbers(pose)).isEmpty();
        assertThat(fixture.publish(pose, 1).sequence()).isEqualTo(1);
        assertThat(numbers(pose)).containsExactly(1L);
        assertThat(pose.memoryFloor()).isZero();

        fixture.clock.advance(Duration.ofHours(1));
        fixture.sweep(Duration.ofMinutes(10));
        assertThat(pose.forgotten).isTrue();
        assertThat(pose.history).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverHappensTheBudgetHolds(long seed) {
        Random random = new Random(seed);
        List<TopicState> topics = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            topics.add(fixture.topic("t/" + i));
        }
        for (int i = 0; i < 5_000; i++) {
            TopicState topic = topics.get(random.nextInt(1 + random.nextInt(20)));
            int dice = random.nextInt(100);
            if (dice == 0) {
                fixture.router.clear(topic, "e" + i);
            } else if (dice < 3) {
                fixture.topics.acquireHistory(topic);
                publish(topic, 3, 200);
                fixture.topics.releaseHistory(topic);
            } else {
                publish(topic, 1, 100 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 500));
            }
            long latest = topics.stream()
                    .filter(t -> t.latest() != null)
                    .mapToLong(t -> t.latest().envelope().size())
                    .sum();
            assertThat(latest + topics.stream().mapToLong(HistoriesTest::bytes).sum())
                    .isLessThanOrEqualTo(BUDGET);
            assertThat(numbers(topic)).isSorted().hasSizeLessThanOrEqualTo(50);
            if (topic.history != null) {
                assertThat(topic.history.floor()).isLessThanOrEqualTo(topic.sequence);
            }
        }
    }

    @Test
    void rangesHoldEachNumberOnce() {
        SequenceRanges ranges = new SequenceRanges();
        for (long number : new long[] {3, 4, 5, 9, 10, 20}) {
            ranges.add(number);
        }
        assertThat(ranges.ranges()).isEqualTo(3);
        assertThat(ranges.contains(3)).isTrue();
        assertThat(ranges.removeBelow(5)).isEqualTo(2);
        assertThat(ranges.contains(5)).isTrue();
        assertThat(ranges.contains(9)).isFalse();
        assertThat(ranges.removeBelow(10)).isEqualTo(2);
        assertThat(ranges.removeFirst()).isEqualTo(1);
        assertThat(ranges.removeBelow(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(ranges.contains(20)).isFalse();
    }
}
