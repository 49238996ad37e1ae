package io.github.robotstream.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeStore store = new FakeStore();
    private final ManualClock clock = new ManualClock();
    private final List<LogEntry> log = new CopyOnWriteArrayList<>();
    private final StoreRunner runner = new StoreRunner(store, clock, log::add, (what, cause) -> {});

    @AfterEach
    void end() {
        store.release();
        runner.close(LONG);
    }

    static Message message(String topic, long sequence) {
        return message(topic, sequence, Long.toString(sequence));
    }

    static Message message(String topic, long sequence, String json) {
        Payload payload = Payload.of(topic, "int", json);
        return new Message(topic, payload, "k3f9", sequence, ManualClock.BEGIN, "robot");
    }

    static boolean append(StoreRunner runner, Message message) {
        return runner.append(message.topic(), message.payload().length(), () -> message);
    }

    /** Has the store thread stand still in a call, so that what follows waits. */
    private void startBlocked() throws IOException {
        runner.start();
        store.block();
        append(runner, message("first", 1));
        store.awaitBlocked();
    }

    @Test
    void opensOnTheCallersThreadAndDoesTheRestOnItsOwn() throws IOException {
        StoredTopic pose = new StoredTopic("pose", "k3f9", 7, Optional.of(message("pose", 7)));
        store.standing(List.of(pose));
        assertThat(runner.start()).containsExactly(pose);
        append(runner, message("pose", 8));
        runner.read("pose", 0, 10).join();
        runner.forget("pose");
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.calls()).containsExactly("open", "append 1", "read pose", "forget pose", "close");
        assertThat(store.threads())
                .containsExactly(
                        Thread.currentThread().getName(),
                        "robotstream-store",
                        "robotstream-store",
                        "robotstream-store",
                        "robotstream-store");
        assertThat(log).isEmpty();
    }

    @Test
    void messagesThatWaitGoInBatchesInTheirOrder() throws IOException {
        startBlocked();
        IntStream.rangeClosed(1, 1_500).forEach(i -> append(runner, message(i % 2 == 0 ? "even" : "odd", i)));
        store.release();
        runner.close(LONG);
        assertThat(store.calls()).containsExactly("open", "append 1", "append 1024", "append 476", "close");
        assertThat(store.batches().stream().skip(1).flatMap(List::stream).mapToLong(Message::sequence))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 1_500).mapToObj(i -> (long) i).toList());
    }

    @Test
    void aReadSeesWhatWasAppendedBeforeAndNotWhatWasForgotten() throws IOException {
        startBlocked();
        append(runner, message("pose", 1));
        append(runner, message("pose", 2));
        CompletableFuture<List<Message>> before = runner.read("pose", 1, 10);
        runner.forget("pose");
        CompletableFuture<List<Message>> after = runner.read("pose", 0, 10);
        store.release();
        assertThat(before.join()).extracting(Message::sequence).containsExactly(2L);
        assertThat(after.join()).isEmpty();
    }

    @Test
    void aStoreThatBlocksHoldsUpNobodyAndLosesWhatIsBeyondItsQueue() throws IOException {
        startBlocked();
        int room = StoreRunner.MAX_MESSAGES - 1;
        IntStream.rangeClosed(1, room)
                .forEach(i -> assertThat(append(runner, message("pose", i))).isTrue());
        assertThat(append(runner, message("pose", room + 1))).isFalse();
        assertThat(runner.lost()).isEqualTo(1);
        store.release();
        await().untilAsserted(() ->
                assertThat(append(runner, message("pose", room + 2))).isTrue());
    }

    @Test
    void aMessageForWhoseTextThereIsNoMemoryIsLostToTheStoreAndItsTopicForgottenAtTheEnd() throws IOException {
        runner.start();
        append(runner, message("pose", 1));
        runner.append("pose", 10, () -> {
            throw new OutOfMemoryError("on purpose");
        });
        runner.close(LONG);
        assertThat(runner.lost()).isBetween(1L, 2L); // with what is in one batch with it
        assertThat(store.calls()).as("no number is given twice").contains("forget pose");
    }

    @Test
    void largeMessagesAreBoundedByTheirText() throws IOException {
        startBlocked();
        String text = "\"" + "x".repeat((1 << 20) - 50) + "\"";
        IntStream.range(1, 9)
                .forEach(
                        i -> assertThat(append(runner, message("map", i, text))).isTrue());
        assertThat(append(runner, message("map", 9, text))).isFalse();
        assertThat(append(runner, message("pose", 1)))
                .as("a small one still fits")
                .isTrue();
    }

    @Test
    void theTextOfAMessageIsMadeOnTheStoresThread() throws IOException {
        runner.start();
        AtomicReference<String> thread = new AtomicReference<>();
        runner.append("pose", 10, () -> {
            thread.set(Thread.currentThread().getName());
            return message("pose", 1);
        });
        runner.close(LONG);
        assertThat(thread).hasValue("robotstream-store");
    }

    @Test
    void readsBeyondTheirNumberAreRefusedAtOnceAndNeedNoRoomOfMessages() throws IOException {
        startBlocked();
        IntStream.range(0, StoreRunner.MAX_MESSAGES + 5).forEach(i -> append(runner, message("pose", i + 1)));
        for (int i = 0; i < StoreRunner.MAX_READS; i++) {
            assertThat(runner.read("pose", 0, 1)).isNotDone();
        }
        assertThat(runner.read("pose", 0, 1))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aReadThatNobodyWaitsForAnyMoreIsLeftOut() throws IOException {
        startBlocked();
        runner.read("pose", 0, 1).cancel(false);
        store.release();
        runner.close(LONG);
        assertThat(store.calls()).doesNotContain("read pose");
    }

    @Test
    void closingGivesTheStoreWhatWaitsAndClosesItOnce() throws IOException {
        runner.start();
        IntStream.rangeClosed(1, 5_000).forEach(i -> append(runner, message("pose", i)));
        assertThat(runner.close(LONG)).isTrue();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.batches().stream().mapToInt(List::size).sum()).isEqualTo(5_000);
        assertThat(store.calls()).endsWith("close").containsOnlyOnce("close");
        assertThat(runner.lost()).isZero();
    }

    @Test
    void nothingReachesTheStoreAfterItsEnd() throws IOException {
        runner.start();
        runner.close(LONG);
        assertThat(append(runner, message("pose", 1))).isFalse();
        assertThatThrownBy(() -> runner.read("pose", 0, 1).join()).hasCauseInstanceOf(RejectedExecutionException.class);
        runner.forget("pose");
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void aRunnerThatDidNotStartDoesNotTouchTheStore() {
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.calls()).isEmpty();
    }
}
