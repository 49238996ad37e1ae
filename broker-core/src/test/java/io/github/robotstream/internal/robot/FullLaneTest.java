package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.Subscription;
import io.github.robotstream.TopicFilter;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What robot code may count on when the broker thread does not keep up with it. */
class FullLaneTest extends PublishFixture {
    @Test
    void publishingGoesOnThoughTheBrokerThreadIsStuckAndTheNewestValueArrives() {
        Input<Long> input = broker.input(COUNT);
        for (long i = 1; i <= 100_000; i++) {
            assertThat(broker.publish(COUNT, i)).isTrue();
        }
        stepped.settle();
        List<Long> values = input.drain();
        assertThat(values).hasSizeBetween(16, 17).startsWith(1L, 2L, 3L).endsWith(100_000L);
        assertThat(broker.latest(COUNT)).contains(100_000L);
        BrokerStats stats = broker.stats();
        assertThat(stats.droppedByCause()).containsEntry("publish_queue_full", 100_000L - values.size());
        assertThat(stats.offered()).isEqualTo(100_000);
        assertThat(stats.queued()).isZero();
    }

    @Test
    void whatIsLostShowsAsAGapExactlyWhereItHappened() {
        List<Message> messages = heard("count");
        for (long i = 1; i <= 50; i++) {
            broker.publish(COUNT, i);
        }
        stepped.settle();
        for (long i = 51; i <= 60; i++) {
            broker.publish(COUNT, i);
        }
        stepped.await(
                "the last",
                () -> size(messages) > 0 && last(messages).payload().json().equals("60"));
        synchronized (messages) {
            assertThat(messages).allSatisfy(m -> assertThat(m.payload().json()).isEqualTo(Long.toString(m.sequence())));
            assertThat(messages.stream().map(Message::sequence))
                    .contains(1L, 50L)
                    .containsAll(LongStream.rangeClosed(51, 60).boxed().toList())
                    .hasSizeLessThan(30);
        }
        assertThat(stepped.logged("messages_dropped"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.topic()).contains("count"));
    }

    private static Message last(List<Message> messages) {
        synchronized (messages) {
            return messages.get(messages.size() - 1);
        }
    }

    @Test
    void aSubscriptionHearsWhatIsPublishedAfterItThoughTheLaneIsFull() {
        for (long i = 1; i <= 50; i++) {
            broker.publish(COUNT, i);
        }
        Input<Double> input = broker.input(BATTERY);
        broker.publish(BATTERY, 12.5);
        stepped.settle();
        assertThat(input.drain()).containsExactly(12.5);
    }

    @Test
    void clearForgetsWhatWasPublishedBeforeItThoughTheLaneIsFull() {
        for (long i = 1; i <= 50; i++) {
            broker.publish(COUNT, i);
        }
        broker.clear(COUNT);
        stepped.settle();
        assertThat(broker.latest(COUNT)).isEmpty();
        List<Message> messages = heard("count");
        broker.publish(COUNT, 51L);
        stepped.await("a message", () -> size(messages) == 1);
        assertThat(messages.get(0).sequence()).isEqualTo(1);
    }

    @Test
    void closeTakesWhatWasPublishedBeforeThoughTheLaneIsFull() {
        Input<Long> input = broker.input(COUNT);
        for (long i = 1; i <= 50; i++) {
            broker.publish(COUNT, i);
        }
        stepped.close();
        assertThat(input.drain()).endsWith(50L);
    }

    @Test
    void whetherAnybodyListensIsKnown() {
        assertThat(broker.hasSubscribers(COUNT)).isFalse();
        Subscription subscription = broker.subscribe(TopicFilter.of("+"), message -> {});
        stepped.settle();
        assertThat(broker.hasSubscribers(COUNT)).isTrue();
        subscription.close();
        stepped.settle();
        assertThat(broker.hasSubscribers(COUNT)).isFalse();
        assertThatCode(() -> broker.publish(COUNT, 1L)).doesNotThrowAnyException();
    }
}
