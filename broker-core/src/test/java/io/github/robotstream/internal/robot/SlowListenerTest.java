package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Subscription;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What others may count on, whatever a listener does. */
class SlowListenerTest extends ListenerFixture {
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
        assertThat(broker.stats().droppedByCause()).containsEntry("queue_full", 2L);
        release.countDown();
        stepped.await("what waited", () -> stuck.heard.size() == 4);
        assertThat(stuck.heard).containsExactly(1L, 4L, 5L, 6L);
    }

    @Test
    void ofManyTopicsASlowListenersQueueKeepsTheOnlyValueOfAQuietOne() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        TopicListener<Message> stuck = message -> {
            heard.add(message.topic() + message.payload().json());
            entered.countDown();
            awaitRelease();
        };
        broker.subscribe(TopicFilter.of("#"), stuck, settings -> settings.queueLimit(3));
        publish(1);
        assertThat(entered.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        broker.publish("battery", Payload.of("battery", "float", "25.1"));
        publish(2, 3, 4, 5);
        release.countDown();
        stepped.await("what waited", () -> heard.size() == 4);
        assertThat(heard).containsExactly("count1", "battery25.1", "count4", "count5");
    }

    @Test
    void aSlowListenersQueueLosesTheNewestIfThatIsSaid() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(3).dropNewest());
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
    void thatAListenerFellBehindIsToldAtOnceAndOnceASecondWhileItStandsStill() throws InterruptedException {
        Stuck stuck = new Stuck();
        broker.subscribe(COUNT, stuck, settings -> settings.queueLimit(3));
        publish(1);
        stuck.awaitEntered();
        publish(2, 3, 4, 5, 6);
        assertThat(losses()).containsExactly(2L);
        assertThat(stepped.logged("messages_dropped")).singleElement().satisfies(entry -> {
            assertThat(entry.topic()).contains("count");
            assertThat(entry.level()).isEqualTo(LogEntry.Level.WARN);
            assertThat(entry.attributes()).containsEntry("cause", "queue_full");
        });
        publish(7, 8, 9);
        assertThat(losses()).as("within the second").containsExactly(2L);
        for (int second = 1; second <= 6; second++) { // as many as the log folds what is alike
            stepped.clock.advance(Duration.ofSeconds(1));
            stepped.settle();
        }
        assertThat(losses()).as("though it stands still").containsExactly(2L, 3L);
    }

    /** What was told of losses, as far as the log's own folding lets it through. */
    private List<Object> losses() {
        stepped.settle();
        return stepped.logged("messages_dropped").stream()
                .map(entry -> entry.attributes().get("dropped"))
                .toList();
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
            broker.log(LogEntry.of(LogEntry.Level.INFO, "event " + i, "something"));
        }
        stepped.settle();
        assertThat(entered.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        for (int i = 10; i < 20; i++) {
            broker.log(LogEntry.of(LogEntry.Level.INFO, "event " + i, "something"));
        }
        stepped.settle();
        assertThat(subscription.dropped()).isGreaterThanOrEqualTo(9);
        assertThat(stepped.logged("messages_dropped")).isEmpty();
    }

    @Test
    void aListenerToServerLogsThatLogsAndThrowsDoesNotFeedOnItself() {
        AtomicInteger heard = new AtomicInteger();
        TopicListener<Message> talkative = message -> {
            heard.incrementAndGet();
            broker.log(LogEntry.of(LogEntry.Level.INFO, "heard", "number " + heard));
            throw new IllegalStateException("number " + heard);
        };
        stepped.settle();
        broker.subscribe(TopicFilter.of("server_logs"), talkative);
        broker.subscribe(TopicFilter.of("server_logs/#"), talkative);
        broker.log(LogEntry.of(LogEntry.Level.INFO, "one", "something"));
        stepped.await("both told to the sink", () -> written("heard") == 2 && written("listener_failed") == 2);
        stepped.clock.advance(Duration.ofSeconds(30));
        broker.log(LogEntry.of(LogEntry.Level.INFO, "two", "something"));
        stepped.await("both once more", () -> written("heard") == 4 && written("listener_failed") == 4);
        stepped.settle();
        assertThat(heard).hasValue(4);
    }

    private long written(String event) {
        return stepped.sink.events().stream().filter(event::equals).count();
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

    @Test
    void theSinkIsToldWhereAListenerThrewAndClientsAreNot() {
        broker.subscribe(COUNT, value -> {
            throw new IllegalStateException("motor 3", new IOException("the bus is off"));
        });
        publish(1);
        stepped.await("the log", () -> !stepped.logged("listener_failed").isEmpty());
        LogEntry entry = stepped.logged("listener_failed").get(0);
        assertThat(entry.message()).doesNotContain("motor 3");
        assertThat(entry.detail().orElseThrow())
                .startsWith("java.lang.IllegalStateException: motor 3\n\tat " + SlowListenerTest.class.getName())
                .contains("\nCaused by: java.io.IOException: the bus is off\n\tat ")
                .hasSizeLessThanOrEqualTo(4_096);
    }

    private static void throwIt(Throwable fault) throws Exception {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (Exception) fault;
    }

    @Test
    void aValueThatCannotBeReadIsToldAndTheNextIsHeard() throws IOException {
        List<Long> heard = new CopyOnWriteArrayList<>();
        try (SteppedBroker unchecked =
                new SteppedBroker(builder -> builder.topic(COUNT, TopicSettings::uncheckedFromClients))) {
            unchecked.broker.subscribe(COUNT, heard::add);
            unchecked.broker.publish(COUNT, 1L);
            unchecked.broker.publish("count", Payload.of("count", "int", "\"two\""));
            unchecked.broker.publish(COUNT, 3L);
            unchecked.await("the next", () -> heard.size() == 2);
            assertThat(heard).containsExactly(1L, 3L);
            assertThat(unchecked.logged("listener_failed")).hasSize(1);
        }
    }
}
