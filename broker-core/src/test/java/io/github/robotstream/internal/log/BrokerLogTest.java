package io.github.robotstream.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The log on a manual clock, without a thread. */
class BrokerLogTest {
    private final ManualClock clock = new ManualClock();
    private final List<LogEntry> serverLogs = new ArrayList<>();
    private final FakeSinkQueue sink = new FakeSinkQueue();
    private final AtomicInteger asked = new AtomicInteger();
    private final BrokerLog log = new BrokerLog(clock, sink, serverLogs::add, asked::incrementAndGet);

    private LogEntry entry(String event) {
        return entry(event, event);
    }

    private LogEntry entry(String event, String message) {
        return LogEntry.of(Level.INFO, event, message).at(clock.now());
    }

    private long drain() {
        return log.drain(clock.nanoTime());
    }

    private static List<String> events(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::event).toList();
    }

    @Test
    void eachEntryGoesToTheTopicAndToTheSinkInOrder() {
        log.log(entry("a"));
        log.log(entry("b"));
        assertThat(serverLogs).as("not before the broker thread comes").isEmpty();
        assertThat(drain()).isEqualTo(Long.MAX_VALUE);
        assertThat(events(serverLogs)).containsExactly("a", "b");
        assertThat(sink.entries).isEqualTo(serverLogs);
    }

    @Test
    void theBrokerThreadIsAskedForWithEachEntry() {
        log.log(entry("a"));
        log.log(entry("b"));
        assertThat(asked).hasValue(2);
        drain();
        assertThat(asked).hasValue(2);
    }

    @Test
    void repeatsWaitAndTheBrokerThreadIsToldWhenToComeBack() {
        long begin = clock.nanoTime();
        log.log(entry("a"));
        log.log(entry("a"));
        assertThat(drain()).isEqualTo(begin + Duration.ofSeconds(5).toNanos());
        assertThat(events(serverLogs)).containsExactly("a");
        clock.advance(Duration.ofSeconds(5));
        assertThat(drain()).isEqualTo(Long.MAX_VALUE);
        assertThat(serverLogs).hasSize(2);
        assertThat(serverLogs.get(1).attributes()).isEqualTo(Map.of("count", 1L));
        assertThat(sink.entries).isEqualTo(serverLogs);
    }

    @Test
    void aStepOfTheWallClockDoesNotShiftASummary() {
        log.log(entry("a"));
        log.log(entry("a"));
        drain();
        clock.setWall(ManualClock.BEGIN.plus(Duration.ofDays(400)));
        drain();
        assertThat(serverLogs).hasSize(1);
        clock.setWall(ManualClock.BEGIN.minus(Duration.ofDays(400)));
        clock.advance(Duration.ofSeconds(5));
        drain();
        assertThat(serverLogs).hasSize(2);
    }

    @Test
    void whatDoesNotFitIsLostCountedAndToldInOneEntry() {
        for (int i = 0; i < LogQueue.MAX_ENTRIES + 5; i++) {
            log.log(entry("e" + i));
        }
        assertThat(log.lost()).isEqualTo(5);
        while (drain() == clock.nanoTime()) {
            assertThat(serverLogs.size() % BrokerLog.MAX_BATCH).isLessThanOrEqualTo(1);
        }
        assertThat(events(serverLogs))
                .hasSize(LogQueue.MAX_ENTRIES + 1)
                .contains("e0", "e" + (LogQueue.MAX_ENTRIES - 1))
                .containsOnlyOnce("log_entries_lost")
                .doesNotContain("e" + LogQueue.MAX_ENTRIES);
        LogEntry loss = serverLogs.stream()
                .filter(e -> e.event().equals("log_entries_lost"))
                .findAny()
                .orElseThrow();
        assertThat(loss.attributes()).isEqualTo(Map.of("dropped", 5L));
        assertThat(loss.level()).isEqualTo(Level.WARN);
        assertThat(sink.entries).contains(loss);
    }

    @Test
    void oneTurnTakesABoundedBite() {
        for (int i = 0; i < BrokerLog.MAX_BATCH + 1; i++) {
            log.log(entry("e" + i));
        }
        assertThat(drain()).as("again at once").isEqualTo(clock.nanoTime());
        assertThat(serverLogs).hasSize(BrokerLog.MAX_BATCH);
        assertThat(drain()).isEqualTo(Long.MAX_VALUE);
        assertThat(serverLogs).hasSize(BrokerLog.MAX_BATCH + 1);
    }

    @Test
    void longTextsAreBoundedToo() {
        String text = "x".repeat(1_000_000);
        for (int i = 0; i < 5; i++) {
            log.log(entry("message" + i, text));
        }
        assertThat(log.lost()).isEqualTo(1);
        log.log(LogEntry.of(Level.INFO, "attribute", "").attribute("text", text).at(clock.now()));
        assertThat(log.lost()).isEqualTo(2);
        log.log(LogEntry.of(Level.INFO, "names", "").attribute(text, 1).at(clock.now()));
        log.log(LogEntry.of(Level.INFO, "topic", "").topic(text).at(clock.now()));
        assertThat(log.lost()).isEqualTo(4);
        drain();
        log.log(entry("after", text));
        assertThat(log.lost()).as("room came back").isEqualTo(4);
    }

    @Test
    void whatIsLostToTheSinkIsToldOnTheTopicAlone() {
        sink.room = 2;
        for (int i = 0; i < 5; i++) {
            log.log(entry("e" + i));
        }
        drain();
        assertThat(events(serverLogs)).containsExactly("e0", "e1", "e2", "e3", "e4", "sink_entries_lost");
        assertThat(serverLogs.get(5).attributes()).isEqualTo(Map.of("dropped", 3L));
        assertThat(events(sink.entries)).containsExactly("e0", "e1");

        log.log(entry("e5"));
        log.log(entry("e6"));
        drain();
        clock.advance(Duration.ofSeconds(5));
        drain();
        assertThat(serverLogs.get(8).attributes()).isEqualTo(Map.of("dropped", 2L, "count", 1L));
        sink.room = Integer.MAX_VALUE;
        clock.advance(Duration.ofSeconds(50));
        drain();
        assertThat(events(sink.entries)).containsExactly("e0", "e1");
    }

    @Test
    void whatIsLoggedInsideTheSinkGoesToTheTopicAlone() {
        sink.insideSink = true;
        log.log(entry("a"));
        sink.insideSink = false;
        log.log(entry("b"));
        drain();
        assertThat(events(serverLogs)).containsExactly("a", "b");
        assertThat(events(sink.entries)).containsExactly("b");
    }

    @Test
    void aCrowdOfOneSubjectLeavesRoomForWhatOthersLog() {
        for (int i = 0; i < 2 * LogQueue.MAX_ENTRIES; i++) {
            log.log(LogEntry.of(Level.INFO, "subscribed", "")
                    .client("c-" + i, "mallory")
                    .at(clock.now()));
        }
        log.log(LogEntry.of(Level.INFO, "subscribed", "")
                .client("c-alice", "alice")
                .at(clock.now()));
        log.log(LogEntry.of(Level.INFO, "docked", "").fromRobot().at(clock.now()));
        assertThat(log.lost()).isEqualTo(2 * LogQueue.MAX_ENTRIES - LogQueue.MAX_OF_SUBJECT);
        while (drain() == clock.nanoTime()) {}
        assertThat(events(serverLogs)).contains("docked", "log_entries_lost");
        assertThat(serverLogs)
                .anyMatch(entry -> entry.subject().filter("alice"::equals).isPresent());

        log.log(LogEntry.of(Level.INFO, "subscribed", "")
                .client("c-0", "mallory")
                .at(clock.now()));
        assertThat(log.lost()).as("its places are free again").isEqualTo(1_792);
    }

    @Test
    void whatASubjectCausesBeyondItsShareIsLeftOutAndToldLater() {
        for (int i = 0; i < 1_000; i++) {
            log.log(LogEntry.of(Level.INFO, "subscribed", "")
                    .client("c-17", "operator-3")
                    .topic("t" + i)
                    .at(clock.now()));
            drain();
        }
        int told = serverLogs.size();
        assertThat(told).isLessThan(1_000);
        assertThat(log.leftOut()).isEqualTo(1_000 - told);
        assertThat(drain()).isEqualTo(clock.nanoTime() + LogRateLimiter.SUMMARY_NANOS);

        clock.advance(Duration.ofNanos(LogRateLimiter.SUMMARY_NANOS));
        assertThat(drain()).isEqualTo(Long.MAX_VALUE);
        assertThat(serverLogs).hasSize(told + 1);
        assertThat(events(serverLogs)).endsWith("log_limited");
        assertThat(sink.entries).isEqualTo(serverLogs);
    }

    @Test
    void theLastCallOfTheBrokerThreadTellsEverything() {
        for (int i = 0; i < LogQueue.MAX_ENTRIES; i++) {
            log.log(entry("e" + i / 2));
        }
        log.flush(clock.nanoTime());
        assertThat(serverLogs).hasSize(LogQueue.MAX_ENTRIES);
        assertThat(sink.entries).isEqualTo(serverLogs);
        assertThat(log.drain(clock.nanoTime())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatComesAfterThatGoesToTheSinkAlone() {
        log.flush(clock.nanoTime());
        log.log(entry("broker_stopped"));
        sink.insideSink = true;
        log.log(entry("sink_failed"));
        sink.insideSink = false;
        assertThat(log.close(Duration.ofSeconds(1))).isTrue();
        assertThat(events(sink.entries)).containsExactly("broker_stopped");
        assertThat(serverLogs).isEmpty();
        assertThat(sink.closed).isTrue();

        int before = asked.get();
        log.log(entry("too late"));
        assertThat(asked).hasValue(before);
        assertThat(events(sink.entries)).containsExactly("broker_stopped");
    }
}
