package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.RecordedEvents;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a broker's listener may count on, and the broker of it. */
@Timeout(60)
class BrokerListenerTest {
    private static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final RecordedEvents events = new RecordedEvents();

    @Test
    void itHearsWhatListenersAndStoreThrewOnceASecondEach() throws IOException {
        IllegalStateException ofListener = new IllegalStateException("of a listener");
        IOException ofStore = new IOException("of the store");
        FakeStore store = new FakeStore();
        try (SteppedBroker test = new SteppedBroker(
                builder -> builder.listener(events).store(store).subscribe(COUNT, value -> {
                    throw ofListener;
                }))) {
            store.failWith(ofStore);
            for (long i = 1; i <= 3; i++) {
                test.broker.publish(COUNT, i);
                long failures = i;
                test.await("the listener", () -> test.broker.stats().failures() == failures);
            }
            test.await("both", () -> events.causes().size() == 2);
            assertThat(events.heard())
                    .filteredOn(event -> event.startsWith("failed"))
                    .containsExactlyInAnyOrder(
                            "failed a listener or codec of count", "failed append of the topic store");
            assertThat(events.causes()).containsExactlyInAnyOrder(ofListener, ofStore);
            test.clock.advance(SECOND);
            test.broker.publish(COUNT, 4L);
            test.await("a second later", () -> events.causes().size() == 4);
        }
    }

    @Test
    void aSinkThatFailsIsToldOnceASecondThoughTheListenerLogsIt() throws IOException {
        CompletableFuture<RobotStreamBroker> broker = new CompletableFuture<>();
        List<String> failures = new CopyOnWriteArrayList<>();
        AtomicInteger listenersEntries = new AtomicInteger();
        try (SteppedBroker test = new SteppedBroker(builder -> builder.logSink(entry -> {
                    if (entry.event().equals("failed")) {
                        listenersEntries.incrementAndGet();
                    }
                    throw new IOException("full");
                })
                .listener(new BrokerListener() {
                    @Override
                    public void userCodeFailed(String what, Throwable cause) {
                        failures.add(what + ": " + cause.getMessage());
                        broker.join().log(LogEntry.of(Level.ERROR, "failed", what));
                    }
                }))) {
            broker.complete(test.broker);
            test.await("what the listener logs", () -> listenersEntries.get() > 0);
            assertThat(failures).containsExactly("write of the log sink: full");
        }
    }

    @Test
    void whatItThrowsIsLoggedAndTheNextEventComes() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (SteppedBroker test = new SteppedBroker(builder -> builder.listener(new BrokerListener() {
            @Override
            public void topicActive(String topic) {
                calls.incrementAndGet();
                throw new IllegalStateException(topic);
            }
        }))) {
            test.broker.subscribe(COUNT, value -> {});
            test.broker.subscribe(Topic.state("other", "int", Long.class), value -> {});
            test.settle();
            test.clock.advance(SECOND);
            test.await("both", () -> calls.get() == 2);
            assertThat(test.logged("broker_listener_failed")).isNotEmpty();
        }
    }

    @Test
    void oneThatBlocksHoldsUpNobodyAndHearsOfTopicsAfterwards() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger active = new AtomicInteger();
        int topics = 1_500; // more than may wait
        try (SteppedBroker test = new SteppedBroker(builder -> builder.listener(new BrokerListener() {
            @Override
            public void topicActive(String topic) {
                blocked.countDown();
                active.incrementAndGet();
                try {
                    released.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }))) {
            IntStream.range(0, topics).forEach(i -> {
                test.broker.subscribe(Topic.state("t/" + i, "int", Long.class), value -> {});
                test.settle();
            });
            for (int i = 0; i < topics; i++) { // a look goes on in steps
                test.clock.advance(Duration.ofMillis(10));
                test.settle();
            }
            assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
            CountDownLatch heard = new CountDownLatch(1);
            test.broker.subscribe(COUNT, value -> heard.countDown());
            test.broker.publish(COUNT, 1L);
            test.await("a listener of a topic", () -> heard.getCount() == 0);
            released.countDown();
            test.await("all topics", () -> {
                test.clock.advance(Duration.ofMillis(10));
                return active.get() == topics + 1;
            });
            assertThat(test.logged("events_dropped")).isNotEmpty();
        } finally {
            released.countDown();
        }
    }

    @Test
    void itMayCloseTheBroker() throws Exception {
        CompletableFuture<RobotStreamBroker> itself = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .closeTimeout(Duration.ofSeconds(20))
                .listener(new BrokerListener() {
                    @Override
                    public void topicActive(String topic) {
                        itself.join().close();
                        closed.countDown();
                    }
                })
                .subscribe(COUNT, value -> {})
                .start();
        itself.complete(broker);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        broker.awaitClose();
    }
}
