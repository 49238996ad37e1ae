package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How listeners and inputs of robot code get the safe value of a topic with a watchdog. */
class SafeValueTest {
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);
    private static final Topic<Double> OTHER = Topic.command("other", "float", Double.class);
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofHours(1);

    private static SteppedBroker watched() throws IOException {
        return new SteppedBroker(settings -> settings.topic(SPEED, topic -> topic.watchdog(SILENCE, 0.0)));
    }

    @Test
    void ofAnInputTheSafeValueIsTheNewestUntilTheNextCommandHoweverLongThatTakes() throws Exception {
        try (SteppedBroker test = watched();
                Input<Double> input = test.broker.input(SPEED)) {
            assertThat(input.latestOr(-1.0, LONG)).isEqualTo(-1);
            test.broker.publish(SPEED, 0.5);
            test.settle();
            assertThat(input.latestOr(-1.0, LONG)).isEqualTo(0.5);
            test.clock.advance(SILENCE);
            test.settle();
            assertThat(input.latestOr(-1.0, LONG)).isZero();
            test.clock.advance(LONG.multipliedBy(2));
            assertThat(input.latestOr(-1.0, Duration.ofMillis(1))).isZero();
            assertThat(input.drain()).as("older commands are gone").containsExactly(0.0);
            test.broker.publish(SPEED, 0.7);
            test.settle();
            assertThat(input.latestOr(-1.0, LONG)).isEqualTo(0.7);
            assertThat(input.drain()).containsExactly(0.7);
        }
    }

    @Test
    void anInputKnowsThatTheTimeIsOverThoughNoThreadOfTheBrokerRuns() throws Exception {
        try (SteppedBroker test = watched();
                Input<Double> input = test.broker.input(SPEED)) {
            test.broker.publish(SPEED, 0.5);
            test.settle();
            test.clock.advance(SILENCE);
            assertThat(input.latestOr(-1.0, LONG)).isZero();
            assertThat(input.drain()).isEmpty();
        }
    }

    @Test
    void aListenerThatIsBusyHearsTheSafeValueNextAndNoCommandOfBefore() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<Double> heard = new CopyOnWriteArrayList<>();
        try (SteppedBroker test = watched()) {
            test.broker.subscribe(TopicFilter.of("#"), message -> {
                heard.add(Double.valueOf(message.payload().json()));
                goOn.await();
            });
            test.broker.publish(SPEED, 0.5);
            test.await("the first call", () -> heard.size() == 1);
            for (int i = 0; i < 100; i++) {
                test.broker.publish(SPEED, 1.0);
                test.broker.publish(OTHER, 7.0);
            }
            test.settle();
            test.clock.advance(SILENCE);
            test.settle();
            goOn.countDown();
            test.await("all others", () -> heard.size() == 102);
            assertThat(heard).startsWith(0.5, 0.0, 7.0).doesNotContain(1.0);
            assertThat(test.broker.stats().droppedByCause()).containsEntry("too_old", 100L);
            assertThat(test.logged("safe_value")).hasSize(1);
        }
    }

    @Test
    void whatIsOfferedIsDeliveredOrDroppedWithSafeValuesToo() throws Exception {
        List<Double> heard = new CopyOnWriteArrayList<>();
        try (SteppedBroker test = watched();
                Input<Double> input = test.broker.input(SPEED)) {
            test.broker.subscribe(SPEED, heard::add);
            for (int i = 0; i < 3; i++) {
                test.broker.publish(SPEED, 0.5);
                int count = 2 * (i + 1);
                test.await("the command", () -> heard.size() == count - 1);
                test.clock.advance(SILENCE);
                test.await("the safe value", () -> heard.size() == count);
            }
            assertThat(input.latestOr(-1.0, LONG)).isZero();
            test.await("rest", () -> test.broker.stats().queued() == 0);
            assertThat(test.broker.stats().offered()).isEqualTo(12);
            assertThat(test.broker.stats().delivered()).isEqualTo(12);
        }
    }

    @Test
    void robotCodesCommandThatHasWaitedForTooLongIsLostAndTold() throws Exception {
        List<Double> heard = new CopyOnWriteArrayList<>();
        try (SteppedBroker test = watched()) {
            test.broker.subscribe(SPEED, heard::add);
            test.settle();
            test.broker.publish(SPEED, 0.5);
            test.broker.publish(SPEED, 0.6);
            test.clock.advance(SILENCE);
            test.settle();
            test.broker.publish(SPEED, 0.7);
            test.await("the new one", () -> !heard.isEmpty());
            assertThat(heard).containsExactly(0.7);
            assertThat(test.logged("messages_dropped")).isNotEmpty();
            assertThat(test.logged("safe_value")).isEmpty();
        }
    }

    /** The real clock, of which the broker thread waits for the end of a test where it is told to. */
    private static final class HoldingClock implements BrokerClock {
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean holding;

        @Override
        public long nanoTime() {
            if (holding && Thread.currentThread().getName().equals("robotstream-broker")) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    }

    @Test
    void listenersHearTheSafeValueInTimeThoughTheBrokerThreadIsStuck() throws Exception {
        HoldingClock clock = new HoldingClock();
        CountDownLatch driven = new CountDownLatch(1);
        CountDownLatch safe = new CountDownLatch(1);
        try (RobotStreamBroker broker = TestHooks.clock(RobotStreamBroker.builder(), clock)
                        .withoutNetwork()
                        .logSink(LogSink.none())
                        .topic(SPEED, topic -> topic.watchdog(SILENCE, 0.0))
                        .subscribe(SPEED, speed -> (speed == 0 ? safe : driven).countDown())
                        .start();
                Input<Double> input = broker.input(SPEED)) {
            broker.publish(SPEED, 0.5);
            try {
                assertThat(driven.await(30, TimeUnit.SECONDS)).isTrue();
                clock.holding = true;
                broker.publish(SPEED, 0.6);
                // Ten times the promise: the machine has others to serve.
                assertThat(safe.await(10 * (SILENCE.toMillis() + 20), TimeUnit.MILLISECONDS))
                        .isTrue();
                assertThat(input.latestOr(-1.0, LONG)).isZero();
            } finally {
                clock.end.countDown(); // before the close, which the broker thread takes part in
            }
        }
    }
}
