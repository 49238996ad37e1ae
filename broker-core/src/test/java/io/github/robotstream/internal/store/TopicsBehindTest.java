package io.github.robotstream.internal.store;

import static io.github.robotstream.internal.store.StoreRunnerTest.append;
import static io.github.robotstream.internal.store.StoreRunnerTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No number is given out twice in one epoch: topics of which the store missed the end are forgotten. */
class TopicsBehindTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeStore store = new FakeStore();
    private final List<LogEntry> log = new CopyOnWriteArrayList<>();
    private final StoreRunner runner = new StoreRunner(store, new ManualClock(), log::add, (what, cause) -> {});

    @AfterEach
    void end() {
        store.release();
        runner.close(LONG);
    }

    private void startFull() throws IOException {
        runner.start();
        store.block();
        append(runner, message("other", 1));
        store.awaitBlocked();
        IntStream.range(1, StoreRunner.MAX_MESSAGES).forEach(i -> append(runner, message("pose", i)));
    }

    @Test
    void aTopicWhoseLastMessageDidNotFitIsForgottenBeforeTheStoreIsClosed() throws IOException {
        startFull();
        append(runner, message("pose", 9_000));
        store.release();
        runner.close(LONG);
        assertThat(store.calls()).endsWith("forget pose", "close").doesNotContain("forget other");
        assertThat(log).extracting(LogEntry::event).endsWith("store_topics_forgotten");
    }

    @Test
    void aTopicThatGotALaterMessageInStays() throws IOException {
        startFull();
        append(runner, message("pose", 9_000));
        store.release();
        await().until(() -> append(runner, message("pose", 9_001)));
        runner.close(LONG);
        assertThat(store.calls()).doesNotContain("forget pose");
    }

    @Test
    void aTopicWhoseLastMessageTheStoreRefusedIsForgotten() throws IOException {
        runner.start();
        store.failWith(new IOException("disk full"));
        append(runner, message("pose", 1));
        await().until(() -> !log.isEmpty());
        store.failWith(null);
        runner.close(LONG);
        assertThat(store.calls()).endsWith("forget pose", "close");
    }

    @Test
    void aTopicThatCouldNotBeForgottenIsTriedOnceMore() throws IOException {
        runner.start();
        store.failWith(new IOException("locked"));
        runner.forget("pose");
        await().until(() -> !log.isEmpty());
        store.failWith(null);
        runner.close(LONG);
        assertThat(store.calls()).containsExactly("open", "forget pose", "forget pose", "close");
    }

    @Test
    void aStoreThatCannotForgetIsClosedAllTheSame() throws IOException {
        runner.start();
        store.failWith(new IOException("read only"));
        append(runner, message("a", 1));
        append(runner, message("b", 1));
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.calls()).endsWith("forget a", "forget b", "close");
    }

    @Test
    void aTopicInAStuckCallIsForgottenWhenTheCallComesBack() throws IOException {
        runner.start();
        store.blockDeaf();
        append(runner, message("pose", 1));
        store.awaitBlocked();
        runner.close(Duration.ofMillis(20));
        store.release();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(store.calls()).containsExactly("open", "append 1", "forget pose", "close");
    }

    @Test
    void topicsThatComeAndGoWhileTheStoreStandsStillLeaveNothingBehind() throws IOException {
        startFull();
        for (int i = 0; i < 20_000; i++) {
            append(runner, message("passing" + i, 1));
        }
        append(runner, message("pose", 9_000));
        store.release();
        runner.close(LONG);
        assertThat(log)
                .filteredOn(entry -> entry.event().equals("store_topics_forgotten"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.attributes()).containsEntry("topics", 1));
    }

    @Test
    void anEarlierMessageThatGetsInLaterDoesNotSettleALoss() {
        TopicsBehind behind = new TopicsBehind();
        behind.lost("pose", 7);
        behind.settled("pose", 6);
        assertThat(behind.topics()).containsExactly("pose");
        behind.lost("pose", 3);
        behind.settled("pose", 5);
        assertThat(behind.topics()).containsExactly("pose");
        behind.settled("pose", 8);
        assertThat(behind.topics()).isEmpty();
    }
}
