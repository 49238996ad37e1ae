package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
}
