package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Subscription;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.SteppedBroker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a listener may count on. */
class ListenerTest extends ListenerFixture {
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
        Topic<String> topic = Topic.state("text", "text", codec);
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
        assertThat(broker.stats().droppedByCause()).containsEntry("ended", 2L);
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
        assertThat(stats.droppedByCause().get("publish_queue_full")).isPositive();
        assertThat(stats.droppedByCause().get("queue_full")).isPositive();
        assertThat(stats.droppedByCause().get("ended")).isPositive();
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
