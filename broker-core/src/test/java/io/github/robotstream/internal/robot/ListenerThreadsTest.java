package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Subscription;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicListener;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners and inputs with the broker's own thread running, under load from several. */
@Timeout(120)
class ListenerThreadsTest {
    private static RobotStreamBroker start() throws IOException {
        return RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(LogSink.none())
                .start();
    }

    /** Hears numbers; remembers the first thing that is wrong. */
    private static final class Checking implements TopicListener<Long> {
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicReference<String> wrong = new AtomicReference<>();
        private final CountDownLatch lastCame = new CountDownLatch(1);
        private final long lastValue;
        private long before;
        private long count;

        Checking(long lastValue) {
            this.lastValue = lastValue;
        }

        @Override
        public void onMessage(Long value) {
            if (inside.incrementAndGet() != 1) {
                wrong.set("two calls at once");
            }
            if (value <= before) {
                wrong.set(value + " after " + before);
            }
            before = value;
            count++;
            inside.decrementAndGet();
            if (value == lastValue) {
                lastCame.countDown();
            }
        }

        long awaitAll() throws InterruptedException {
            assertThat(lastCame.await(60, TimeUnit.SECONDS))
                    .as("the newest value comes")
                    .isTrue();
            assertThat(wrong.get()).isNull();
            return count;
        }
    }

    @Test
    void everySubscriptionIsServedOneAtATimeAndInOrder() throws Exception {
        int each = 30_000;
        int producers = 3;
        try (RobotStreamBroker broker = start()) {
            List<Checking> listeners = new ArrayList<>();
            List<Subscription> subscriptions = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                Topic<Long> topic = Topic.state("count/" + p, "int", Long.class);
                for (int i = 0; i < 2; i++) {
                    Checking listener = new Checking(each);
                    listeners.add(listener);
                    subscriptions.add(broker.subscribe(topic, listener));
                }
                threads.add(new Thread(() -> {
                    for (long i = 1; i <= each; i++) {
                        broker.publish(topic, i);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.start();
            }
            long heard = 0;
            for (Checking listener : listeners) {
                heard += listener.awaitAll();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long dropped =
                    subscriptions.stream().mapToLong(Subscription::dropped).sum();
            BrokerStats stats = broker.stats();
            assertThat(stats.delivered()).isEqualTo(heard);
            assertThat(stats.droppedByCause()).containsEntry("queue_full", dropped);
            assertThat(heard + dropped + stats.droppedByCause().get("publish_queue_full"))
                    .as("heard, or counted as lost")
                    .isEqualTo(2L * producers * each);
        }
    }

    @Test
    void whoPollsSeesNothingOlderThanItSawBefore() throws Exception {
        Topic<Long> topic = Topic.state("count", "int", Long.class);
        try (RobotStreamBroker broker = start()) {
            Input<Long> input = broker.input(topic);
            Thread publisher = new Thread(() -> {
                for (long i = 1; i <= 100_000; i++) {
                    broker.publish(topic, i);
                }
            });
            publisher.start();
            long seen = 0;
            long drained = 0;
            while (seen < 100_000) {
                long newest = input.latestOr(seen, Duration.ofHours(1));
                assertThat(newest).isGreaterThanOrEqualTo(seen);
                seen = newest;
                for (long value : input.drain()) {
                    assertThat(value).isGreaterThan(drained);
                    drained = value;
                }
            }
            publisher.join();
        }
    }

    @Test
    void subscriptionsThatComeAndGoMixNothingUp() throws Exception {
        Topic<Long> topic = Topic.state("count", "int", Long.class);
        try (RobotStreamBroker broker = start()) {
            CountDownLatch stop = new CountDownLatch(1);
            Thread publisher = new Thread(() -> {
                for (long i = 1; stop.getCount() > 0; i++) {
                    broker.publish(topic, i);
                }
            });
            publisher.start();
            for (int i = 0; i < 300; i++) {
                Checking listener = new Checking(-1);
                CountDownLatch heard = new CountDownLatch(1);
                Subscription subscription = broker.subscribe(topic, value -> {
                    listener.onMessage(value);
                    heard.countDown();
                });
                assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
                subscription.close();
                assertThat(listener.wrong.get()).isNull();
            }
            stop.countDown();
            publisher.join();
        }
    }

    @Test
    void listenersRunOnDaemonThreadsOfTheBrokersAndNotOnTheBrokerThread() throws Exception {
        Topic<Long> topic = Topic.state("count", "int", Long.class);
        AtomicReference<Thread> runner = new AtomicReference<>();
        CountDownLatch heard = new CountDownLatch(1);
        try (RobotStreamBroker broker = start()) {
            broker.subscribe(topic, value -> {
                runner.set(Thread.currentThread());
                heard.countDown();
            });
            broker.publish(topic, 1L);
            assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runner.get().getName()).startsWith("robotstream-callback-");
        assertThat(runner.get().isDaemon()).isTrue();
    }
}
