package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a loop that polls may count on. */
class InputTest {
    private static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);
    private static final Duration MAX_AGE = Duration.ofMillis(200);
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private SteppedBroker stepped;
    private RobotStreamBroker broker;

    @BeforeEach
    void start() throws IOException {
        stepped = new SteppedBroker(builder -> builder.limits(limits -> limits.queuedBytesPerSession(1_024)));
        broker = stepped.broker;
    }

    @AfterEach
    void close() {
        stepped.close();
    }

    private void publish(long... values) {
        for (long value : values) {
            broker.publish(COUNT, value);
        }
        stepped.settle();
    }

    @Test
    void theNewestValueIsThereWhileItIsFresh() {
        Input<Long> input = broker.input(COUNT);
        assertThat(input.latestOr(-1L, FOREVER)).as("nothing has come").isEqualTo(-1);
        publish(1, 2);
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(2);
        stepped.clock.advance(MAX_AGE);
        assertThat(input.latestOr(-1L, MAX_AGE)).as("just as old as it may be").isEqualTo(2);
        stepped.clock.advance(Duration.ofNanos(1));
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
        publish(3);
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(3);
    }

    @Test
    void anAgeMayBeOfAnyLength() {
        Input<Long> input = broker.input(COUNT);
        publish(1);
        assertThat(input.latestOr(-1L, Duration.ZERO)).isEqualTo(1);
        stepped.clock.advance(Duration.ofDays(1_000));
        assertThat(input.latestOr(-1L, FOREVER)).isEqualTo(1);
        assertThat(input.latestOr(-1L, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .isEqualTo(1);
        assertThat(input.latestOr(-1L, Duration.ZERO)).isEqualTo(-1);
        assertThat(input.latestOr(-1L, Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(-1);
    }

    @Test
    void aStepOfTheWallClockMakesNothingYoungerOrOlder() {
        Input<Long> input = broker.input(COUNT);
        publish(1);
        stepped.clock.setWall(ManualClock.BEGIN.plus(Duration.ofDays(9)));
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(1);
        stepped.clock.advance(Duration.ofSeconds(1)).setWall(ManualClock.BEGIN.minus(Duration.ofDays(9)));
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
    }

    @Test
    void ageIsCountedFromTheCallToPublishNotFromTheBrokersStep() {
        Input<Long> input = broker.input(COUNT);
        stepped.settle();
        broker.publish(COUNT, 1L);
        stepped.clock.advance(MAX_AGE.plusNanos(1));
        stepped.settle();
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
    }

    @Test
    void drainGivesAllThatCameOldestFirstAndOnce() {
        Input<Long> input = broker.input(COUNT);
        assertThat(input.drain()).isEmpty();
        publish(1, 2, 3);
        assertThat(input.drain()).containsExactly(1L, 2L, 3L);
        assertThat(input.drain()).isEmpty();
        publish(4);
        assertThat(input.drain()).containsExactly(4L);
        assertThat(input.latestOr(-1L, MAX_AGE)).as("the newest is still there").isEqualTo(4);
    }

    @Test
    void aFullQueueLosesTheOldestAndCountsIt() {
        Input<Long> input = broker.input(COUNT, settings -> settings.queueLimit(3));
        publish(1, 2, 3, 4, 5);
        assertThat(input.dropped()).isEqualTo(2);
        assertThat(input.drain()).containsExactly(3L, 4L, 5L);
    }

    @Test
    void aFullQueueLosesTheNewestIfThatIsSaidButTheNewestValueIsKnownAllTheSame() {
        Input<Long> input =
                broker.input(COUNT, settings -> settings.queueLimit(3).dropNewest());
        publish(1, 2, 3, 4, 5);
        assertThat(input.dropped()).isEqualTo(2);
        assertThat(input.drain()).containsExactly(1L, 2L, 3L);
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(5);
    }

    @Test
    void aQueueIsBoundedByBytesTooSoThatALoopThatNeverDrainsCostsLittle() {
        Topic<String> image = Topic.state("image", "jpeg", String.class);
        Input<String> input = broker.input(image);
        for (int i = 0; i < 10; i++) {
            broker.publish(image, i + "x".repeat(250));
        }
        stepped.settle();
        assertThat(input.dropped()).isEqualTo(7);
        broker.publish(image, "large" + "x".repeat(5_000));
        stepped.settle();
        assertThat(input.drain())
                .as("one always has room")
                .singleElement()
                .satisfies(s -> assertThat(s).startsWith("large"));
        long dropped = input.dropped();
        for (int i = 0; i < 10; i++) {
            broker.publish(image, "a" + "x".repeat(250));
            broker.publish(image, "b" + "x".repeat(250));
            stepped.settle();
            assertThat(input.drain()).as("what was taken has made room").hasSize(2);
        }
        assertThat(input.dropped()).isEqualTo(dropped);
    }

    @Test
    void whatALoopDoesNotDrainIsNoLossOfTheBroker() {
        broker.input(COUNT, settings -> settings.queueLimit(1));
        publish(1, 2, 3);
        assertThat(broker.stats().dropped()).isZero();
        assertThat(broker.stats().delivered()).isEqualTo(3);
    }

    @Test
    void theLastValueComesFirstIfItIsAskedFor() {
        publish(1, 2);
        Input<Long> without = broker.input(COUNT);
        Input<Long> with = broker.input(COUNT, SubscriptionSettings::retained);
        publish(3);
        assertThat(without.drain()).containsExactly(3L);
        assertThat(with.drain()).containsExactly(2L, 3L);
    }

    @Test
    void aRetainedValueIsAsOldAsItIs() {
        publish(1);
        stepped.clock.advance(Duration.ofSeconds(1));
        Input<Long> input = broker.input(COUNT, SubscriptionSettings::retained);
        stepped.settle();
        assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
        assertThat(input.latestOr(-1L, Duration.ofSeconds(1))).isEqualTo(1);
    }

    @Test
    void aValueOfYesterdayThatTheStoreKeptIsNotFresh() throws IOException {
        Message latest = new Message(
                "count",
                Payload.of("count", "int", "7"),
                "k1",
                41,
                ManualClock.BEGIN.minus(Duration.ofDays(1)),
                "robot");
        FakeStore store = new FakeStore().standing(List.of(new StoredTopic("count", "k1", 41, Optional.of(latest))));
        try (SteppedBroker withStore = new SteppedBroker(builder -> builder.store(store))) {
            Input<Long> input = withStore.broker.input(COUNT, SubscriptionSettings::retained);
            withStore.settle();
            assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
            assertThat(input.latestOr(-1L, Duration.ofDays(1))).isEqualTo(7);
        }
    }

    @Test
    void commandsThatWereGivenBeforeAreNeverHeard() {
        Topic<Long> drive = Topic.command("drive", "int", Long.class);
        broker.publish(drive, 1L);
        Input<Long> input = broker.input(drive, SubscriptionSettings::retained);
        stepped.settle();
        assertThat(input.latestOr(-1L, FOREVER)).isEqualTo(-1);
        broker.publish(drive, 2L);
        stepped.settle();
        assertThat(input.drain()).containsExactly(2L);
    }

    @Test
    void aValueThatCannotBeReadIsLeftOutAndTold() throws IOException {
        try (SteppedBroker unchecked =
                new SteppedBroker(builder -> builder.topic(COUNT, TopicSettings::uncheckedFromClients))) {
            Input<Long> input = unchecked.broker.input(COUNT);
            unchecked.broker.publish(COUNT, 1L);
            unchecked.broker.publish("count", Payload.of("count", "int", "\"three\""));
            unchecked.settle();
            assertThat(input.latestOr(-1L, MAX_AGE)).isEqualTo(-1);
            unchecked.broker.publish(COUNT, 4L);
            unchecked.settle();
            assertThat(input.drain()).containsExactly(1L, 4L);
            assertThat(unchecked.logged("listener_failed"))
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.topic()).contains("count"));
        }
    }

    @Test
    void theNewestValueIsReadOnceHoweverOftenItIsAskedFor() {
        AtomicInteger reads = new AtomicInteger();
        Topic<String> topic = Topic.state("text", "text", new TopicCodec<>() {
            @Override
            public String encode(String value) {
                return value;
            }

            @Override
            public String decode(String json) {
                reads.incrementAndGet();
                return json;
            }
        });
        Input<String> input = broker.input(topic);
        broker.publish(topic, "1");
        stepped.settle();
        for (int i = 0; i < 10; i++) {
            assertThat(input.latestOr("", MAX_AGE)).isEqualTo("1");
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void aClosedInputKnowsNothingAndHearsNothing() {
        Input<Long> input = broker.input(COUNT);
        publish(1);
        input.close();
        assertThat(input.latestOr(-1L, FOREVER)).isEqualTo(-1);
        assertThat(input.drain()).isEmpty();
        publish(2);
        input.close();
        stepped.settle();
        assertThat(input.latestOr(-1L, FOREVER)).isEqualTo(-1);
        assertThat(input.drain()).isEmpty();
        assertThat(broker.hasSubscribers(COUNT)).isFalse();
    }

    @Test
    void whatComesBetweenCloseAndTheBrokersNextStepIsCounted() {
        Input<Long> input = broker.input(COUNT);
        stepped.settle();
        broker.publish(COUNT, 1L);
        input.close();
        stepped.settle();
        assertThat(broker.stats().droppedByCause()).containsEntry("ended", 1L);
        assertThat(broker.stats().queued()).isZero();
    }

    @Test
    void itTellsItsFilter() {
        assertThat(broker.input(COUNT).filter()).isEqualTo(TopicFilter.of("count"));
    }
}
