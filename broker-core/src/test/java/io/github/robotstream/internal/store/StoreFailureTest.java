package io.github.robotstream.internal.store;

import static io.github.robotstream.internal.store.StoreRunnerTest.append;
import static io.github.robotstream.internal.store.StoreRunnerTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Message;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that throws, blocks or lies: what the log says, and that the broker goes on. */
class StoreFailureTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final FakeStore store = new FakeStore();
    private final ManualClock clock = new ManualClock();
    private final List<LogEntry> log = new CopyOnWriteArrayList<>();
    private final StoreRunner runner = new StoreRunner(store, clock, log::add, (what, cause) -> {});

    @AfterEach
    void end() {
        store.release();
        runner.close(LONG);
    }

    private static Object dropped(LogEntry entry) {
        return entry.attributes().get("dropped");
    }

    private void startBlocked() throws IOException {
        runner.start();
        store.block();
        append(runner, message("pose", 1));
        store.awaitBlocked();
    }

    private void startFull() throws IOException {
        startBlocked();
        IntStream.range(1, StoreRunner.MAX_MESSAGES).forEach(i -> append(runner, message("pose", i + 1)));
    }

    static List<Throwable> failures() {
        return List.of(new IOException("disk full"), new IllegalStateException("gone"), new StackOverflowError("deep"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverAppendThrowsIsCountedAndToldAndTheNextBatchComes(Throwable failure) throws IOException {
        runner.start();
        store.failWith(failure);
        append(runner, message("pose", 1));
        await().until(() -> !log.isEmpty());
        store.failWith(null);
        append(runner, message("pose", 2));
        runner.close(LONG);

        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("store_failed");
            assertThat(entry.level()).isEqualTo(LogEntry.Level.ERROR);
            assertThat(entry.message()).isEqualTo("append of the topic store failed");
            assertThat(entry.detail()).contains(FakeStore.class.getName() + ": " + failure);
            assertThat(entry.time()).isEqualTo(clock.now());
            assertThat(dropped(entry)).isEqualTo(1L);
        });
        assertThat(runner.lost()).isEqualTo(1);
        assertThat(runner.failures()).isEqualTo(1);
        assertThat(store.batches())
                .singleElement()
                .satisfies(
                        batch -> assertThat(batch).extracting(Message::sequence).containsExactly(2L));
    }

    @Test
    void appendsThatGoOnFailingAreToldOnceAndSoIsThatTheStoreGoesOn() throws IOException {
        runner.start();
        store.failWith(new IOException("disk full"));
        for (long i = 1; i <= 3; i++) {
            long lost = i;
            append(runner, message("pose", i));
            await().until(() -> runner.failures() == lost);
        }
        assertThat(log).hasSize(1);
        store.failWith(null);
        append(runner, message("pose", 4));
        runner.close(LONG);
        assertThat(log).hasSize(2).element(1).satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("store_goes_on");
            assertThat(dropped(entry)).isEqualTo(2L);
        });
        assertThat(runner.lost()).isEqualTo(3);
    }

    @Test
    void aReadThatFailsTellsItsReaderAndTheLog() throws IOException {
        runner.start();
        IOException failure = new IOException("bad sector");
        store.failWith(failure);
        assertThatThrownBy(() -> runner.read("pose", 0, 1).join()).hasCause(failure);
        await().until(() -> !log.isEmpty());
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.message()).startsWith("read of ");
            assertThat(dropped(entry)).isNull();
        });
        store.failWith(null);
    }

    @Test
    void aFailingCloseIsTold() throws IOException {
        runner.start();
        store.failWith(new IOException("disk full"));
        assertThat(runner.close(LONG)).isTrue();
        assertThat(log)
                .singleElement()
                .satisfies(entry -> assertThat(entry.message()).startsWith("close of "));
    }

    @Test
    void lossesAreToldAtOnceThenSummedForASecond() throws IOException {
        startFull();
        append(runner, message("pose", 9_001));
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("store_messages_lost");
            assertThat(entry.level()).isEqualTo(LogEntry.Level.WARN);
            assertThat(dropped(entry)).isEqualTo(1L);
        });

        append(runner, message("pose", 9_002));
        append(runner, message("pose", 9_003));
        assertThat(log).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        append(runner, message("pose", 9_004));
        assertThat(log).hasSize(2);
        assertThat(dropped(log.get(1))).isEqualTo(3L);
    }

    @Test
    void theRestOfTheLossesIsToldWhenTheStoreGoesOn() throws IOException {
        startFull();
        IntStream.range(0, 10).forEach(i -> append(runner, message("pose", 9_001 + i)));
        store.release();
        await().untilAsserted(() ->
                assertThat(log).extracting(StoreFailureTest::dropped).containsExactly(1L, 9L));
        assertThat(runner.lost()).isEqualTo(10);
    }

    @Test
    void aStuckStoreIsLeftAloneAndWhoeverWaitsForItIsTold() throws IOException {
        runner.start();
        store.blockDeaf();
        append(runner, message("pose", 1));
        store.awaitBlocked();
        append(runner, message("pose", 2));
        CompletableFuture<List<Message>> answer = runner.read("pose", 0, 10);

        assertThat(runner.close(SHORT)).isFalse();
        assertThat(answer).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(IOException.class);
        assertThat(log).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("store_failed");
            assertThat(dropped(entry)).isEqualTo(2L);
        });
        assertThat(store.calls()).as("no second call beside the stuck one").containsExactly("open", "append 1");

        store.release();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.calls()).containsOnlyOnce("close").endsWith("close");
    }

    @Test
    void aReadThatIsStuckItselfFailsItsReaderToo() throws IOException {
        runner.start();
        store.block();
        CompletableFuture<List<Message>> answer = runner.read("pose", 0, 10);
        store.awaitBlocked();
        runner.close(SHORT);
        assertThat(answer).isCompletedExceptionally();
    }

    static List<List<Message>> wrongAnswers() {
        Message other = new Message("pose", message("pose", 6).payload(), "other", 6, ManualClock.BEGIN, "robot");
        return Arrays.asList(
                null,
                Arrays.asList(message("pose", 6), null),
                List.of(message("twist", 6)),
                List.of(message("pose", 5)),
                List.of(message("pose", 7), message("pose", 6)),
                List.of(message("pose", 6), message("pose", 6)),
                List.of(message("pose", 6), message("pose", 7), message("pose", 8)),
                List.of(other, message("pose", 7)));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void aWrongAnswerToAReadReachesNobody(List<Message> wrong) throws IOException {
        StoreRunner liar = new StoreRunner(new Liar(wrong), clock, log::add, (what, cause) -> {});
        liar.start();
        assertThatThrownBy(() -> liar.read("pose", 5, 2).join()).hasCauseInstanceOf(RuntimeException.class);
        liar.close(LONG);
        assertThat(log)
                .singleElement()
                .satisfies(entry -> assertThat(entry.event()).isEqualTo("store_failed"));
    }

    private record Liar(List<Message> answer) implements TopicStore {
        @Override
        public List<StoredTopic> open() {
            return List.of();
        }

        @Override
        public void append(List<Message> batch) {}

        @Override
        public List<Message> read(String topic, long afterSequence, int limit) {
            return answer;
        }

        @Override
        public void forget(String topic) {}

        @Override
        public void close() {}
    }
}
