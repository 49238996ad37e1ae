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

class LogRateLimiterTest {
    private static final Duration SUMMARY = Duration.ofNanos(LogRateLimiter.SUMMARY_NANOS);
    private static final int SECONDS_TO_FULL = LogRateLimiter.BURST / LogRateLimiter.PER_SECOND;

    private final ManualClock clock = new ManualClock();
    private final List<LogEntry> summaries = new ArrayList<>();
    private final LogRateLimiter limiter = new LogRateLimiter(clock, line -> summaries.add(line.entry()));

    private boolean admits(LogEntry.Builder entry) {
        return limiter.admits(new QueuedEntry(entry.at(clock.now()), true));
    }

    private static LogEntry.Builder entry(String subject) {
        return entry(subject, Level.INFO, "subscribed");
    }

    private static LogEntry.Builder entry(String subject, Level level, String event) {
        return LogEntry.of(level, event, "").client("c-17", subject);
    }

    /** Logs until an entry is left out. */
    private int spend(String subject) {
        int admitted = 0;
        while (admits(entry(subject))) {
            admitted++;
        }
        return admitted;
    }

    private void pass(Duration time) {
        clock.advance(time);
        limiter.writeDue(clock.nanoTime());
    }

    @Test
    void aSubjectLogsSomeHundredsAtOnceAndThenOneOrTwoASecond() {
        assertThat(spend("mallory")).isBetween(300, 512);
        int later = 0;
        for (int second = 0; second < 1_000; second++) {
            pass(Duration.ofSeconds(1));
            later += spend("mallory");
        }
        assertThat(later).isBetween(1_000, 2_000);
        pass(Duration.ofSeconds(SECONDS_TO_FULL));
        assertThat(spend("mallory")).as("after a pause").isBetween(300, 512);
    }

    @Test
    void longTextsCostWhatTheyHold() {
        String text = "x".repeat(10_000);
        int admitted = 0;
        while (admits(LogEntry.of(Level.INFO, "subscribed", text).client("c-17", "mallory"))) {
            admitted++;
        }
        assertThat(admitted * 10_000).isBetween(LogRateLimiter.BURST / 2, LogRateLimiter.BURST);
    }

    @Test
    void anEntryLargerThanAllIsLeftOutAndHoldsUpNothing() {
        assertThat(admits(LogEntry.of(Level.INFO, "subscribed", "x".repeat(1 << 20))
                        .client("c-17", "mallory")))
                .isFalse();
        assertThat(admits(entry("mallory"))).isTrue();
    }

    @Test
    void otherSubjectsAndWhatNoClientCausesAreNotTouched() {
        spend("mallory");
        assertThat(admits(entry("alice"))).isTrue();
        for (int i = 0; i < 10_000; i++) {
            assertThat(admits(LogEntry.of(Level.WARN, "messages_dropped", "robot code")))
                    .isTrue();
            assertThat(admits(LogEntry.of(Level.INFO, "driver", "").fromRobot().client("c-17", "mallory")))
                    .isTrue();
        }
    }

    @Test
    void whatIsLeftOutIsToldOnceInTenSecondsWithItsEventsAndLosses() {
        spend("mallory");
        admits(entry("mallory"));
        admits(entry("mallory", Level.WARN, "messages_dropped").attribute("dropped", 40L));
        admits(entry("mallory", Level.WARN, "messages_dropped")
                .attribute("dropped", 2)
                .attribute("count", 5L));
        admits(entry("mallory", Level.INFO, "client_disconnected"));
        pass(SUMMARY.minusNanos(1));
        assertThat(summaries).isEmpty();
        pass(Duration.ofNanos(1));

        assertThat(summaries).hasSize(1);
        LogEntry summary = summaries.get(0);
        assertThat(summary.event()).isEqualTo("log_limited");
        assertThat(summary.level()).isEqualTo(Level.WARN);
        assertThat(summary.client()).contains("c-17");
        assertThat(summary.subject()).contains("mallory");
        assertThat(summary.time()).isEqualTo(clock.now());
        assertThat(summary.message())
                .isEqualTo("9 log entries about mallory were left out: there were more than a subject may cause");
        assertThat(summary.attributes())
                .as("a summary of five counts as five")
                .isEqualTo(Map.of(
                        "left_out",
                        9L,
                        "dropped",
                        42L,
                        "subscribed",
                        2L,
                        "messages_dropped",
                        6L,
                        "client_disconnected",
                        1L));
        assertThat(limiter.leftOut()).isEqualTo(9);

        pass(SUMMARY);
        assertThat(summaries).as("nothing more was left out").hasSize(1);
        spend("mallory");
        pass(SUMMARY);
        assertThat(summaries.get(1).attributes()).isEqualTo(Map.of("left_out", 1L, "subscribed", 1L));
    }

    @Test
    void theSummaryIsAsGraveAsTheGravestThatWasLeftOut() {
        spend("mallory");
        admits(entry("mallory", Level.ERROR, "verifier_failed"));
        limiter.writeAll();
        assertThat(summaries).extracting(LogEntry::level).containsExactly(Level.ERROR);
        spend("mallory");
        limiter.writeAll();
        assertThat(summaries).extracting(LogEntry::level).containsExactly(Level.ERROR, Level.WARN);
    }

    @Test
    void saysWhenItWantsToBeCalledAgain() {
        assertThat(limiter.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
        spend("mallory");
        long first = clock.nanoTime() + LogRateLimiter.SUMMARY_NANOS;
        pass(Duration.ofSeconds(1));
        spend("eve");
        assertThat(limiter.nextDueNanos()).isEqualTo(first);
        pass(SUMMARY);
        assertThat(summaries).hasSize(2);
        assertThat(limiter.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void subjectsBeyondTheTableShareABucketUntilAPlaceIsFree() {
        for (int i = 0; i < LogRateLimiter.MAX_SUBJECTS; i++) {
            assertThat(admits(entry("subject " + i))).isTrue();
        }
        int admitted = 0;
        for (int i = 0; i < 1_000; i++) {
            admitted += admits(entry("further " + i)) ? 1 : 0;
        }
        assertThat(admitted).as("all of them together").isBetween(300, 512);
        limiter.writeAll();
        assertThat(summaries)
                .extracting(LogEntry::message)
                .containsExactly(1_000 - admitted + " log entries about several subjects, last further 999 were left"
                        + " out: there were more than a subject may cause");

        pass(Duration.ofSeconds(SECONDS_TO_FULL));
        admits(entry("mallory"));
        assertThat(spend("mallory")).as("in the place of one that was silent").isBetween(300, 512);
        assertThat(admits(entry("eve"))).isTrue();
    }

    @Test
    void aSubjectThatHasSomethingToTellKeepsItsPlace() {
        spend("mallory");
        for (int i = 1; i < LogRateLimiter.MAX_SUBJECTS; i++) {
            admits(entry("subject " + i));
        }
        clock.advance(Duration.ofSeconds(SECONDS_TO_FULL));
        admits(entry("eve"));
        limiter.writeAll();
        assertThat(summaries).extracting(entry -> entry.subject().orElseThrow()).containsExactly("mallory");
    }
}
