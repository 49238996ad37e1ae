package io.github.robotstream.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The log with a sink on its thread; the test is the broker thread. */
class SinkRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ManualClock clock = new ManualClock();
    private final FakeSink sink = new FakeSink();
    private final List<LogEntry> serverLogs = new ArrayList<>();
    private final BrokerLog log = new BrokerLog(clock, sink, serverLogs::add, () -> {}, (what, cause) -> {});

    @AfterEach
    void end() {
        sink.release();
        log.close(LONG);
    }

    private LogEntry ofRobot(String event, String message) {
        return LogEntry.of(Level.INFO, event, message).fromRobot().at(clock.now());
    }

    private void logAndDrain(String event) {
        log.log(LogEntry.of(Level.INFO, event, event).at(clock.now()));
        log.drain(clock.nanoTime());
    }

    private List<String> events() {
        return serverLogs.stream().map(LogEntry::event).toList();
    }

    /** Has the broker thread come again and again until that many entries are on the topic. */
    private void drainUntilTold(int entries) {
        await().pollInSameThread().pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
            log.drain(clock.nanoTime());
            assertThat(serverLogs).hasSizeGreaterThanOrEqualTo(entries);
        });
    }

    @Test
    void theSinkIsWrittenToAndClosedOnItsOwnThread() {
        log.start();
        logAndDrain("a");
        logAndDrain("b");
        assertThat(log.close(LONG)).isTrue();
        assertThat(sink.events()).containsExactly("a", "b");
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(sink.threads()).hasSize(3).containsOnly("robotstream-log");
    }

    @Test
    void aSinkThatBlocksHoldsUpNobodyAndLosesWhatIsBeyondItsQueue() {
        log.start();
        sink.block();
        logAndDrain("first");
        sink.awaitBlocked();
        for (int i = 0; i < SinkRunner.MAX_WAITING + 2; i++) {
            logAndDrain("e" + i);
        }
        assertThat(events()).contains("e" + (SinkRunner.MAX_WAITING + 1), "sink_entries_lost");
        assertThat(log.lostToSink()).isEqualTo(3);
        sink.release();
        log.close(LONG);
        assertThat(sink.events())
                .hasSize(SinkRunner.MAX_WAITING)
                .startsWith("first", "e0")
                .doesNotContain("sink_entries_lost");
    }

    static List<Throwable> failures() {
        return List.of(new IOException("disk full"), new IllegalStateException("gone"), new StackOverflowError("deep"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverTheSinkThrowsIsToldOnTheTopicAloneAndTheNextEntryComes(Throwable failure) {
        log.start();
        sink.failWith(failure);
        logAndDrain("a");
        drainUntilTold(2);
        sink.failWith(null);
        logAndDrain("b");
        log.close(LONG);
        assertThat(events()).containsExactly("a", "sink_failed", "b");
        assertThat(serverLogs.get(1).message())
                .isEqualTo("write of the log sink failed with "
                        + failure.getClass().getName());
        assertThat(sink.events()).containsExactly("a", "b");
        assertThat(log.lostToSink()).isEqualTo(1);
    }

    @Test
    void aSinkThatAlwaysThrowsIsToldOnceAndThenOnceInFiveSeconds() {
        log.start();
        sink.failWith(new IOException("disk full"));
        for (int i = 0; i < 50; i++) {
            logAndDrain("e" + i);
        }
        await().until(() -> log.lostToSink() == 50);
        log.drain(clock.nanoTime());
        assertThat(events()).containsOnlyOnce("sink_failed");

        await().pollInSameThread().pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(5));
            log.drain(clock.nanoTime());
            assertThat(failuresTold()).as("each is counted").isEqualTo(50);
        });
        assertThat(sink.events()).doesNotContain("sink_failed");
    }

    private long failuresTold() {
        return serverLogs.stream()
                .filter(e -> e.event().equals("sink_failed"))
                .mapToLong(e -> ((Number) e.attributes().get("dropped")).longValue())
                .sum();
    }

    @Test
    void aSinkThatLogsWhatItIsGivenDoesNotFeedOnItself() {
        log.start();
        sink.onWrite(written -> log.log(ofRobot("appender", "line: " + written.message())));
        logAndDrain("a");
        drainUntilTold(2);
        logAndDrain("b");
        drainUntilTold(4);
        log.close(LONG);
        log.drain(clock.nanoTime());
        assertThat(sink.events()).containsExactly("a", "b");
        assertThat(events()).containsExactly("a", "appender", "b", "appender");
    }

    @Test
    void aSinkThatFloodsTheLogFromInsideIsFolded() {
        log.start();
        sink.onWrite(written -> {
            for (int i = 0; i < 10_000; i++) {
                log.log(ofRobot("appender", "again"));
            }
        });
        logAndDrain("a");
        drainUntilTold(2);
        log.close(LONG);
        while (log.drain(clock.nanoTime()) == clock.nanoTime()) {
            assertThat(events()).startsWith("a", "appender");
        }
        assertThat(sink.events()).contains("a").isSubsetOf("a", "log_entries_lost");
        assertThat(serverLogs).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void aStuckSinkIsLeftAloneAtTheEndAndClosedWhenItComesBack() {
        log.start();
        sink.block();
        logAndDrain("a");
        sink.awaitBlocked();
        logAndDrain("b");
        assertThat(log.close(Duration.ofMillis(20))).isFalse();
        assertThat(log.lostToSink()).isEqualTo(2);
        sink.release();
        await().until(() -> sink.closed() == 1);
        assertThat(sink.events()).containsExactly("a");
    }

    @Test
    void aFailingCloseHurtsNobody() {
        log.start();
        sink.failWith(new IOException("disk full"));
        assertThat(log.close(LONG)).isTrue();
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(log.lostToSink()).isZero();
    }

    @Test
    void aFailureHasTheTimeOfTheBrokersClock() {
        log.start();
        sink.failWith(new IOException("disk full"));
        logAndDrain("a");
        drainUntilTold(2);
        assertThat(serverLogs.get(1).time()).isEqualTo(clock.now());
        assertThat(serverLogs.get(1).level()).isEqualTo(Level.ERROR);
        assertThat(serverLogs.get(1).attributes()).isEqualTo(Map.of("dropped", 1));
    }
}
