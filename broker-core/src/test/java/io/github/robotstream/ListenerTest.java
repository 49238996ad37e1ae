package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener may count on, and what others may whatever a listener does. */
class ListenerTest {
    private static final Topic<Long> COUNT = Topic.of("count", "int", Long.class);

    private final CountDownLatch release = new CountDownLatch(1);
    private SteppedBroker stepped;
    private RobotStreamBroker broker;

    @BeforeEach
    void start() throws IOException {
        stepped = new SteppedBroker();
        broker = stepped.broker;
    }

    @AfterEach
    void close() {
        release.countDown();
        stepped.close();
    }

    private void publish(long... values) {
        for (long value : values) {
            broker.publish(COUNT, value);
        }
        stepped.settle();
    }

    private void awaitRelease() {
        try {
            assertThat(release.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener that stands still in its first call until the test lets it go. */
    private final class Stuck implements TopicListener<Long> {
        private final List<Long> heard = new CopyOnWriteArrayList<>();
        private final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public void onMessage(Long value) {
            heard.add(value);
            entered.countDown();
            awaitRelease();
        }

        void awaitEntered() throws InterruptedException {
            assertThat(entered.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void aListenerThatStandsStillDelaysNobodyElse() throws InterruptedException {
        Stuck stuck = new Stuck();
        List<Long> heard = new CopyOnWriteArrayList<>();
        Input<Long> input = broker.input(COUNT);
        broker.subscribe(COUNT, stuck);
        broker.subscribe(COUNT, heard::add);
        publish(1);
        stuck.awaitEntered();
        publish(2, 3);
        stepped.await("the other listener", () -> heard.size() == 3);
        assertThat(heard).containsExactly(1L, 2L, 3L);
        assertThat(input.drain()).containsExactly(1L, 2L, 3L);
        assertThat(stuck.heard).containsExactly(1L);
        release.countDown();
        stepped.await("what waited", () -> stuck.heard.size() == 3);
        assertThat(stuck.heard).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aSlowListenersQueueLosesTheOldest() throws InterruptedException {
        Stuck stuck = new Stuck();
        Subscription subscription = broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(3));
        publish(1);
        stuck.awaitEntered();
        publish(2, 3, 4, 5, 6);
        assertThat(subscription.dropped()).isEqualTo(2);
        assertThat(broker.stats().droppedByCause()).containsEntry(LossCause.QUEUE_FULL, 2L);
        release.countDown();
        stepped.await("what waited", () -> stuck.heard.size() == 4);
        assertThat(stuck.heard).containsExactly(1L, 4L, 5L, 6L);
    }

    @Test
    void aSlowListenersQueueLosesTheNewestIfThatIsSaid() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(3).overflow(OverflowPolicy.DROP_NEWEST));
        publish(1);
        stuck.awaitEntered();
        publish(2, 3, 4, 5, 6);
        release.countDown();
        stepped.await("what waited", () -> stuck.heard.size() == 4);
        assertThat(stuck.heard).containsExactly(1L, 2L, 3L, 4L);
        publish(7);
        stepped.await("the next", () -> stuck.heard.size() == 5);
        assertThat(stuck.heard).endsWith(7L);
    }

    @Test
    void thatAListenerFellBehindIsToldAtOnceAndTheRestWhenItHasCaughtUp() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(3));
        publish(1);
        stuck.awaitEntered();
        publish(2, 3, 4, 5, 6, 7, 8);
        assertThat(stepped.logged("messages_dropped")).singleElement().satisfies(entry -> {
            assertThat(entry.attributes()).containsEntry("dropped", 1L);
            assertThat(entry.topic()).contains("count");
            assertThat(entry.level()).isEqualTo(LogEntry.Level.WARN);
        });
        release.countDown();
        stepped.await("what waited", () -> stuck.heard.size() == 4);
        stepped.await("the rest", () -> {
            stepped.clock.advance(Duration.ofSeconds(6));
            return stepped.logged("messages_dropped").size() == 2;
        });
        assertThat(stepped.logged("messages_dropped").get(1).attributes()).containsEntry("dropped", 3L);
    }

    @Test
    void aSlowListenerToServerLogsMakesNoLogAboutItself() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        Subscription subscription = broker.subscribe(
                TopicFilter.of("server_logs"),
                message -> {
                    entered.countDown();
                    awaitRelease();
                },
                settings -> settings.queueLimit(1));
        stepped.settle();
        for (int i = 0; i < 10; i++) {
            broker.log(LogEntry.Level.INFO, "event " + i, "something");
        }
        stepped.settle();
        assertThat(entered.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        for (int i = 10; i < 20; i++) {
            broker.log(LogEntry.Level.INFO, "event " + i, "something");
        }
        stepped.settle();
        assertThat(subscription.dropped()).isGreaterThanOrEqualTo(9);
        assertThat(stepped.logged("messages_dropped")).isEmpty();
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new IOException("broken"),
                new IllegalStateException("broken"),
                new AssertionError("broken"),
                new StackOverflowError("deep"),
                new OutOfMemoryError("not really"),
                new RuntimeException() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("this too");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aListenerThatThrowsIsToldAndHearsTheNextAllTheSame(Throwable fault) {
        List<Long> heard = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, value -> {
            heard.add(value);
            throwIt(fault);
        });
        publish(1, 2, 3);
        stepped.await("all", () -> heard.size() == 3);
        publish(4);
        stepped.await("one more", () -> heard.size() == 4);
        assertThat(heard).containsExactly(1L, 2L, 3L, 4L);
        stepped.await("the log", () -> !stepped.logged("listener_failed").isEmpty());
        assertThat(stepped.logged("listener_failed").get(0).topic()).contains("count");
    }

    private static void throwIt(Throwable fault) throws Exception {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (Exception) fault;
    }

    @Test
    void aValueThatCannotBeReadIsToldAndTheNextIsHeard() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, heard::add);
        publish(1);
        broker.publish("count", Payload.of("count", "int", "\"two\""));
        publish(3);
        stepped.await("the next", () -> heard.size() == 2);
        assertThat(heard).containsExactly(1L, 3L);
        assertThat(stepped.logged("listener_failed")).hasSize(1);
    }

    /** Its values are read when the test says so. */
    private final class SlowCodec implements TopicCodec<String> {
        private final CountDownLatch reading = new CountDownLatch(1);

        @Override
        public String encode(String value) {
            return value;
        }

        @Override
        public String decode(String json) {
            reading.countDown();
            awaitRelease();
            return json;
        }
    }

    @Test
    void afterCloseHasReturnedNoCallBeginsThoughAMessageWasUnderWay() throws InterruptedException {
        SlowCodec codec = new SlowCodec();
        Topic<String> topic = Topic.of("text", "text", String.class, codec);
        List<String> heard = new CopyOnWriteArrayList<>();
        Subscription subscription = broker.subscribe(topic, heard::add);
        broker.publish(topic, "1");
        broker.publish(topic, "2");
        stepped.settle();
        assertThat(codec.reading.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        subscription.close();
        release.countDown();
        stepped.await("both are accounted for", () -> broker.stats().queued() == 0);
        assertThat(heard).isEmpty();
        assertThat(broker.stats().droppedByCause()).containsEntry(LossCause.ENDED, 2L);
        assertThat(broker.stats().delivered()).isZero();
    }

    @Test
    void aListenerMayEndItsOwnSubscription() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        own.set(broker.subscribe(COUNT, value -> {
            heard.add(value);
            own.get().close();
        }));
        publish(1, 2, 3);
        stepped.await("it is gone", () -> !broker.hasSubscribers(COUNT));
        publish(4);
        stepped.await("all is accounted for", () -> broker.stats().queued() == 0);
        assertThat(heard).containsExactly(1L);
    }

    @Test
    void closeMayBeCalledAgainAndEndsNobodyElsesSubscription() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        Subscription one = broker.subscribe(COUNT, value -> {});
        broker.subscribe(COUNT, heard::add);
        stepped.settle();
        one.close();
        one.close();
        publish(1);
        stepped.await("the other", () -> heard.size() == 1);
        assertThat(one.filter()).isEqualTo(TopicFilter.of("count"));
    }

    @Test
    void aSubscriptionHearsWhatIsPublishedFromThenOnOrTheLastValueFirst() {
        publish(1, 2);
        List<Long> live = new CopyOnWriteArrayList<>();
        List<Long> retained = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, live::add);
        broker.subscribe(COUNT, retained::add, SubscriptionSettings::retained);
        publish(3, 4);
        stepped.await("both", () -> live.size() == 2 && retained.size() == 3);
        assertThat(live).containsExactly(3L, 4L);
        assertThat(retained).containsExactly(2L, 3L, 4L);
    }

    @Test
    void aFilterHearsTheMessagesOfAllItsTopicsWithAllThatIsKnownOfThem() {
        List<Message> heard = new CopyOnWriteArrayList<>();
        broker.subscribe(TopicFilter.of("joints/+"), heard::add);
        broker.publish("joints/left", Payload.of("left", "float", "1.50"));
        broker.publish("legs/left", Payload.of("left", "float", "2"));
        broker.publish("joints/right", Payload.of("right", "float", "3"));
        stepped.await("both", () -> heard.size() == 2);
        Message first = heard.get(0);
        assertThat(first.topic()).isEqualTo("joints/left");
        assertThat(first.payload()).isEqualTo(Payload.of("left", "float", "1.50"));
        assertThat(first.sequence()).isEqualTo(1);
        assertThat(first.publisher()).isEqualTo("robot");
        assertThat(heard.get(1).epoch()).isEqualTo(first.epoch()).isNotEmpty();
    }

    @Test
    void aListenerMayPublishAndSubscribe() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, value -> {
            if (value < 10) {
                broker.publish(COUNT, value + 1);
            }
            if (value == 1) {
                broker.subscribe(COUNT, heard::add);
            }
        });
        publish(1);
        stepped.await("the tenth", () -> heard.contains(10L));
        assertThat(heard)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(heard.get(0), 10).boxed().toList());
    }

    @Test
    void everyDeliveryIsAccountedFor() throws InterruptedException {
        Stuck stuck = new Stuck();
        List<Long> heard = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(10));
        broker.subscribe(COUNT, heard::add, settings -> settings.queueLimit(100_000));
        Subscription ends = broker.subscribe(COUNT, value -> awaitRelease());
        broker.input(COUNT);
        for (long i = 1; i <= 20_000; i++) {
            broker.publish(COUNT, i);
            if (i % 9_000 == 0) {
                stepped.settle();
            }
        }
        stuck.awaitEntered();
        stepped.settle();
        ends.close();
        stepped.await("the quick one has all", () -> heard.contains(20_000L));
        BrokerStats stats = broker.stats();
        assertThat(stats.published()).as("with what is told on server_logs").isGreaterThanOrEqualTo(20_000);
        assertThat(stats.offered()).isEqualTo(4 * 20_000);
        assertThat(stats.queued()).as("what waits for the stuck one").isEqualTo(10);
        assertThat(stats.delivered() + stats.dropped() + stats.skipped() + stats.queued())
                .isEqualTo(stats.offered());
        assertThat(stats.droppedByCause().get(LossCause.PUBLISH_QUEUE_FULL)).isPositive();
        assertThat(stats.droppedByCause().get(LossCause.QUEUE_FULL)).isPositive();
        assertThat(stats.droppedByCause().get(LossCause.ENDED)).isPositive();
    }

    @Test
    void afterTheBrokersCloseHasReturnedNoCallBegins() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck);
        publish(1, 2, 3);
        stuck.awaitEntered();
        stepped.close();
        release.countDown();
        stepped.await("the call that was under way", () -> broker.stats().delivered() == 1);
        assertThat(stuck.heard).containsExactly(1L);
    }

    @Test
    void afterTheBrokerWasClosedNobodyCanSubscribe() {
        stepped.close();
        assertThatThrownBy(() -> broker.subscribe(COUNT, value -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> broker.input(COUNT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> broker.subscribe(TopicFilter.of("#"), message -> {}))
                .isInstanceOf(IllegalStateException.class);
    }
}
