package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What waits for one subscription of robot code. */
class LocalQueueTest {
    private static final int MOST = 40;
    private static final int MOST_BYTES = 12_000;

    private final ManualClock clock = new ManualClock();
    private final RouterFixture fixture = new RouterFixture();
    private final List<TopicState> topics =
            List.of(fixture.topic("a"), fixture.topic("b"), fixture.topic("c"), fixture.command("go"));
    private final Map<LossCause, Integer> losses = new EnumMap<>(LossCause.class);
    private long ordinal;
    private int skipped;

    private final LocalQueue.Tally tally = new LocalQueue.Tally() {
        @Override
        public void lost(LossCause cause) {
            losses.merge(cause, 1, Integer::sum);
        }

        @Override
        public void skipped() {
            skipped++;
        }
    };

    static List<DeliveryOptions> options() {
        return List.of(
                options(Policy.QUEUE, 0, 0, 0),
                options(Policy.QUEUE, 0, 0, 20),
                options(Policy.QUEUE, 0, 10, 20),
                options(Policy.LATEST, 0, 0, 20),
                options(Policy.LATEST, 7, 10, 20),
                options(Policy.QUEUE, 7, 0, 20));
    }

    private static DeliveryOptions options(Policy policy, int intervalMillis, int maxAgeMillis, int thinAfterMillis) {
        return new DeliveryOptions(
                policy,
                MOST,
                OverflowPolicy.DROP_OLDEST,
                TimeUnit.MILLISECONDS.toNanos(intervalMillis),
                TimeUnit.MILLISECONDS.toNanos(maxAgeMillis),
                TimeUnit.MILLISECONDS.toNanos(thinAfterMillis),
                false,
                false,
                false);
    }

    private RoutedMessage message(TopicState topic, int bytes) {
        RoutedMessage message = Messages.ofSize(topic, bytes, clock.nanoTime());
        ordinal++;
        message.ordinal(ordinal);
        return message;
    }

    private int lost() {
        return losses.values().stream().mapToInt(Integer::intValue).sum();
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyMessageIsAccountedForAndEachTopicEndsOnItsNewest(DeliveryOptions options) {
        Random random = new Random(7);
        LocalQueue queue = new LocalQueue(options, MOST_BYTES, false, clock, tally);
        Map<TopicState, Long> newestPut = new HashMap<>();
        Map<TopicState, Long> newestTaken = new HashMap<>();
        int put = 0;
        int taken = 0;
        for (int i = 0; i < 3_000; i++) {
            for (int burst = random.nextInt(30); burst > 0; burst--) {
                TopicState topic = topics.get(random.nextInt(topics.size()));
                RoutedMessage message = message(topic, 100 + random.nextInt(500));
                queue.offer(message);
                newestPut.put(topic, message.ordinal());
                put++;
            }
            clock.advance(Duration.ofMillis(random.nextInt(8)));
            queue.releaseDue();
            for (int n = random.nextInt(12); n > 0; n--) {
                taken += take(queue, newestTaken);
            }
        }
        while (queue.holdsSome()) {
            clock.setNanos(queue.nextDueNanos());
            queue.releaseDue();
            taken += take(queue, newestTaken);
        }
        clock.advance(Duration.ofSeconds(1));
        int more = 1;
        while (more > 0) {
            more = take(queue, newestTaken);
            taken += more;
        }
        assertThat(taken + lost() + skipped).isEqualTo(put);
        assertThat(queue.lost()).isEqualTo(lost());
        if (options.maxAgeNanos() == 0) {
            assertThat(newestTaken).isEqualTo(newestPut);
        }
        assertThat(queue.clear()).isZero();
    }

    private int take(LocalQueue queue, Map<TopicState, Long> newest) {
        while (queue.dropsTooOld()) {}
        RoutedMessage message = queue.poll();
        if (message == null) {
            return 0;
        }
        Long before = newest.put(message.topic(), message.ordinal());
        assertThat(message.ordinal()).isGreaterThan(before == null ? 0 : before);
        return 1;
    }

    @Test
    void aFullQueueKeepsTheOnlyValuesOfQuietTopicsInTheirOrder() {
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 0, 0, 0), MOST_BYTES, false, clock, tally);
        RoutedMessage first = message(topics.get(0), 100);
        RoutedMessage second = message(topics.get(1), 100);
        queue.offer(first);
        queue.offer(message(topics.get(3), 100));
        queue.offer(second);
        RoutedMessage last = first;
        for (int i = 0; i < 1_000; i++) {
            last = message(topics.get(2), 100);
            queue.offer(last);
        }
        assertThat(queue.takeAll())
                .hasSize(MOST)
                .startsWith(first, second)
                .endsWith(last)
                .isSortedAccordingTo(Comparator.comparingLong(RoutedMessage::ordinal));
        assertThat(queue.lost()).isEqualTo(1_003 - MOST);
    }

    @Test
    void aFullQueueLosesTheOldValueOfATopicThatANewOneIsPutInFor() {
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 0, 0, 0), MOST_BYTES, false, clock, tally);
        List<TopicState> many = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            many.add(fixture.topic("t" + i));
            queue.offer(message(many.get(i), 100));
        }
        queue.offer(message(many.get(20), 100));
        assertThat(queue.takeAll())
                .extracting(RoutedMessage::topic)
                .containsAll(many)
                .hasSize(MOST);
    }

    @Test
    void aFullQueueKeepsTheNewestValueOfATopicWhoseFormerOneItHasPassed() {
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 0, 0, 0), MOST_BYTES, false, clock, tally);
        queue.offer(message(topics.get(0), 100));
        for (int i = 0; i < MOST; i++) {
            queue.offer(message(topics.get(1), 100)); // the queue looks past the only value of the first topic
        }
        RoutedMessage newest = message(topics.get(0), 100);
        queue.offer(newest);
        for (int i = 0; i < MOST; i++) {
            queue.offer(message(topics.get(3), 100));
        }
        assertThat(queue.takeAll()).contains(newest);
    }

    @Test
    void whatMayGoIsLookedForInABoundedTimeAndThenTheOldestGoes() {
        int most = 10_000;
        DeliveryOptions large =
                new DeliveryOptions(Policy.QUEUE, most, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false);
        LocalQueue queue = new LocalQueue(large, Integer.MAX_VALUE, false, clock, tally);
        RouterFixture manyTopics = new RouterFixture(most, 1 << 20);
        for (int i = 0; i < most / 2; i++) {
            queue.offer(message(manyTopics.topic("t" + i), 100));
        }
        for (int i = 0; i <= most / 2; i++) {
            queue.offer(message(topics.get(0), 100));
        }
        assertThat(queue.takeAll())
                .hasSize(most)
                .extracting(message -> message.topic().name())
                .startsWith("t1")
                .doesNotContain("t0");
    }

    /** Listeners are called when a thread comes, and that may be late. */
    @Test
    void withARateOneMessageOfATopicWaitsAndIsTakenAnIntervalAfterTheOneBefore() {
        Random random = new Random(11);
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 20, 0, 0), MOST_BYTES, false, clock, tally);
        Map<TopicState, Long> takenAt = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            clock.advance(Duration.ofNanos(random.nextInt(3_000_000)));
            queue.offer(message(topics.get(random.nextInt(topics.size())), 100));
            queue.releaseDue();
            if (random.nextInt(40) > 0) {
                continue;
            }
            for (RoutedMessage message : queue.takeAll()) {
                Long before = takenAt.put(message.topic(), clock.nanoTime());
                long apart = before == null ? Long.MAX_VALUE : clock.nanoTime() - before;
                assertThat(apart).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(18));
            }
        }
        assertThat(takenAt).hasSameSizeAs(topics);
        assertThat(lost()).isZero();
    }

    @Test
    void aTopicOfThatRateIsNotHeldBackLongerAndLonger() {
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 10, 0, 0), MOST_BYTES, true, clock, tally);
        int taken = 0;
        for (int tick = 0; tick < 100_000; tick++) {
            if (tick % 200 == 0 || tick % 200 == 101) { // each 10 ms, or a little later
                queue.offer(message(topics.get(0), 100));
            }
            boolean timerIsHere = queue.holdsSome() && clock.nanoTime() - queue.nextDueNanos() >= 200_000;
            if (timerIsHere) {
                queue.releaseDue();
            }
            taken += queue.takeAll().size();
            clock.advance(Duration.ofNanos(100_000));
        }
        assertThat(taken).isEqualTo(1_000);
    }

    @Test
    void whatIsHeldBackIsBoundedByCountAndBytes() {
        LocalQueue queue = new LocalQueue(options(Policy.QUEUE, 1_000, 0, 0), 3_000, false, clock, tally);
        List<TopicState> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(fixture.topic("t" + i));
            queue.offer(message(ten.get(i), 100));
        }
        assertThat(queue.takeAll()).as("the first of each").hasSize(10);
        ten.forEach(topic -> queue.offer(message(topic, 500)));
        assertThat(queue.takeAll()).as("of those that come too early").hasSize(4);
        assertThat(queue.clear()).as("3,000 bytes of those that are held back").isEqualTo(6);
        assertThat(lost()).isZero();
        assertThat(queue.holdsSome()).isFalse();
    }

    @Test
    void itsOwnersLockIsHeldForABoundedTimeHoweverMuchIsTooOld() {
        LocalQueue queue = new LocalQueue(
                new DeliveryOptions(Policy.QUEUE, 10_000, OverflowPolicy.DROP_OLDEST, 0, 1, 0, false, false, false),
                1 << 24,
                false,
                clock,
                tally);
        for (int i = 0; i < 1_000; i++) {
            queue.offer(message(topics.get(0), 100));
        }
        clock.advance(Duration.ofSeconds(1));
        int steps = 1;
        while (queue.dropsTooOld()) {
            steps++;
        }
        assertThat(steps).isGreaterThan(10);
        assertThat(losses).containsExactly(Map.entry(LossCause.TOO_OLD, 1_000));
    }
}
