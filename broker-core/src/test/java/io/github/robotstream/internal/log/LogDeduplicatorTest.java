package io.github.robotstream.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogDeduplicatorTest {
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private final ManualClock clock = new ManualClock();
    private final List<QueuedEntry> told = new ArrayList<>();
    private boolean admitting = true;
    private final LogDeduplicator deduplicator = new LogDeduplicator(line -> admitting && told.add(line));

    private void add(LogEntry.Builder entry) {
        deduplicator.writeDue(clock.nanoTime());
        deduplicator.add(new QueuedEntry(entry.at(clock.now()), true), clock.nanoTime());
    }

    private void pass(Duration time) {
        clock.advance(time);
        deduplicator.writeDue(clock.nanoTime());
    }

    private static LogEntry.Builder dropped(String client, String topic, int dropped) {
        return LogEntry.of(Level.WARN, "messages_dropped", client + " fell behind")
                .client(client, "operator-3")
                .topic(topic)
                .attribute("dropped", dropped);
    }

    private static LogEntry.Builder robot(String message) {
        return LogEntry.of(Level.INFO, "driver", message).fromRobot();
    }

    private LogEntry last() {
        return told.get(told.size() - 1).entry();
    }

    @Test
    void theFirstIsToldAtOnceAndTheRestOnceInFiveSecondsWithItsCount() {
        add(dropped("c-17", "pose", 1));
        assertThat(told).hasSize(1);
        assertThat(last().attributes()).as("as it was logged").isEqualTo(Map.of("dropped", 1));

        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(40));
            add(dropped("c-17", "pose", 2));
        }
        assertThat(told).hasSize(1);
        pass(Duration.ofSeconds(1));
        assertThat(told).hasSize(2);
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 200L, "count", 100L));

        add(dropped("c-17", "pose", 7));
        pass(WINDOW.minusNanos(1));
        assertThat(told).hasSize(2);
        pass(Duration.ofNanos(1));
        assertThat(told).hasSize(3);
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 7L, "count", 1L));
    }

    @Test
    void afterFiveQuietSecondsTheNextIsToldAtOnce() {
        add(dropped("c-17", "pose", 1));
        pass(WINDOW);
        add(dropped("c-17", "pose", 2));
        assertThat(told).hasSize(2);
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 2));
    }

    @Test
    void theSummaryIsTheLastOneWithItsTimeAndParticulars() {
        add(dropped("c-17", "pose", 1).attribute("queue", 10));
        pass(Duration.ofSeconds(1));
        add(dropped("c-17", "pose", 1).attribute("queue", 20));
        pass(Duration.ofSeconds(1));
        add(dropped("c-17", "pose", 1).attribute("queue", 30));
        LogEntry logged = dropped("c-17", "pose", 1).at(clock.now());
        pass(WINDOW);
        assertThat(last().time()).isEqualTo(logged.time());
        assertThat(last().level()).isEqualTo(Level.WARN);
        assertThat(last().event()).isEqualTo("messages_dropped");
        assertThat(last().message()).isEqualTo("c-17 fell behind");
        assertThat(last().client()).contains("c-17");
        assertThat(last().subject()).contains("operator-3");
        assertThat(last().topic()).contains("pose");
        assertThat(last().attributes())
                .as("only losses are added up")
                .isEqualTo(Map.of("dropped", 2L, "queue", 30, "count", 2L));
    }

    @Test
    void otherEventsClientsTopicsAndCausesAreToldForThemselves() {
        add(dropped("c-17", "pose", 1));
        add(dropped("c-17", "pose", 1).attribute("cause", "too_large"));
        add(dropped("c-18", "pose", 1));
        add(dropped("c-17", "twist", 1));
        add(LogEntry.of(Level.WARN, "slow_client", "c-17 fell behind")
                .client("c-17", "operator-3")
                .topic("pose"));
        assertThat(told).hasSize(5);
    }

    @Test
    void theBrokersOwnEntriesFoldWhateverTheirMessage() {
        add(LogEntry.of(Level.WARN, "client_refused", "from 10.0.0.1"));
        add(LogEntry.of(Level.WARN, "client_refused", "from 10.0.0.2"));
        assertThat(told).hasSize(1);
    }

    @Test
    void differentLinesOfTheRobotAreAllToldAndTheSameOneFolds() {
        add(robot("left wheel slips"));
        add(robot("right wheel slips"));
        add(robot("left wheel slips"));
        assertThat(told)
                .extracting(line -> line.entry().message())
                .containsExactly("left wheel slips", "right wheel slips");
        pass(WINDOW);
        assertThat(told).hasSize(3);
        assertThat(last().attributes()).isEqualTo(Map.of("count", 1L));
    }

    @Test
    void whatMayNotGoToTheSinkDoesNotHideWhatMay() {
        LogEntry entry = robot("hello").at(clock.now());
        deduplicator.add(new QueuedEntry(entry, false), clock.nanoTime());
        deduplicator.add(new QueuedEntry(entry, true), clock.nanoTime());
        assertThat(told).extracting(QueuedEntry::toSink).containsExactly(false, true);
        deduplicator.add(new QueuedEntry(entry, false), clock.nanoTime());
        pass(WINDOW);
        assertThat(told).extracting(QueuedEntry::toSink).containsExactly(false, true, false);
    }

    @Test
    void saysWhenItWantsToBeCalledAgain() {
        assertThat(deduplicator.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
        long begin = clock.nanoTime();
        add(dropped("c-17", "pose", 1));
        assertThat(deduplicator.nextDueNanos()).as("nothing waits").isEqualTo(Long.MAX_VALUE);
        pass(Duration.ofSeconds(1));
        add(dropped("c-18", "pose", 1));
        add(dropped("c-18", "pose", 1));
        assertThat(deduplicator.nextDueNanos())
                .isEqualTo(begin + Duration.ofSeconds(6).toNanos());
        add(dropped("c-17", "pose", 1));
        assertThat(deduplicator.nextDueNanos()).isEqualTo(begin + WINDOW.toNanos());
        pass(WINDOW);
        assertThat(deduplicator.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void beyondItsNumberOfKindsTheOldestLeavesAfterItsCountWasTold() {
        add(dropped("oldest", "pose", 1));
        add(dropped("oldest", "pose", 5));
        for (int i = 1; i < LogDeduplicator.MAX_KINDS; i++) {
            add(dropped("c-" + i, "pose", 1));
        }
        assertThat(told).hasSize(LogDeduplicator.MAX_KINDS);
        add(dropped("new", "pose", 1));
        assertThat(told).hasSize(LogDeduplicator.MAX_KINDS + 2);
        assertThat(told.get(LogDeduplicator.MAX_KINDS).entry().client()).contains("new");
        assertThat(last().client()).contains("oldest");
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 5L, "count", 1L));
    }

    @Test
    void kindsThatAreNotAdmittedPushNobodyOut() {
        add(dropped("oldest", "pose", 1));
        admitting = false;
        for (int i = 0; i < 2 * LogDeduplicator.MAX_KINDS; i++) {
            add(dropped("c-" + i, "pose", 1));
        }
        admitting = true;
        add(dropped("oldest", "pose", 1));
        assertThat(told).as("folded still").hasSize(1);
    }

    @Test
    void aSummaryThatIsNotAdmittedEndsItsKind() {
        add(dropped("c-17", "pose", 1));
        add(dropped("c-17", "pose", 1));
        admitting = false;
        pass(WINDOW);
        admitting = true;
        assertThat(told).hasSize(1);
        add(dropped("c-17", "pose", 3));
        assertThat(told).hasSize(2);
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 3));
    }

    @Test
    void longTextsAreNotHeldBeyondItsBoundAndNoneIsSwallowed() {
        String text = "x".repeat(300_000);
        for (int i = 0; i < 10; i++) {
            add(robot(i + text));
            add(robot(i + text));
        }
        assertThat(told).hasSizeGreaterThanOrEqualTo(10 + 8);
        deduplicator.writeAll(clock.nanoTime());
        assertThat(told).as("each at once, and each summary").hasSize(20);
    }

    @Test
    void aTextLongerThanEverythingIsToldEachTime() {
        String text = "x".repeat(2 << 20);
        add(robot(text));
        add(robot(text));
        assertThat(told).hasSize(2);
    }

    @Test
    void atTheEndEverythingIsTold() {
        add(dropped("c-17", "pose", 1));
        add(dropped("c-17", "pose", 2));
        add(dropped("c-18", "pose", 3));
        deduplicator.writeAll(clock.nanoTime());
        assertThat(told).hasSize(3);
        assertThat(last().attributes()).isEqualTo(Map.of("dropped", 2L, "count", 1L));
        deduplicator.writeAll(clock.nanoTime());
        assertThat(told).hasSize(3);
    }
}
