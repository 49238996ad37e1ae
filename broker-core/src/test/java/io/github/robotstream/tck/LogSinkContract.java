package io.github.robotstream.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the broker relies on in a {@link LogSink}, that is, mostly, that it takes what comes: extend it, say how your sink
 * is made, and its promises become your tests. For a sink that writes lines, {@link #written} makes it look at them too.
 *
 * <pre>{@code
 * class Slf4jSinkTest extends LogSinkContract {
 *     @Override
 *     protected LogSink newSink() {
 *         return LogSink.slf4j();
 *     }
 * }
 * }</pre>
 */
public abstract class LogSinkContract {
    private static final Instant TIME = Instant.parse("2026-11-24T05:30:00.123456Z");

    private LogSink sink;
    private boolean closed;

    /**
     * Makes the sink that a test uses.
     *
     * @return a new sink
     * @throws Exception if that failed
     */
    protected abstract LogSink newSink() throws Exception;

    /**
     * Tells what the test's sink has written, if it writes a line an entry; empty unless overridden.
     *
     * @return all text so far, each line with its line feed
     * @throws Exception if that failed
     */
    protected Optional<String> written() throws Exception {
        return Optional.empty();
    }

    @BeforeEach
    final void makeSink() throws Exception {
        sink = newSink();
    }

    @AfterEach
    final void closeSink() throws Exception {
        if (!closed) {
            sink.close();
        }
    }

    private void write(LogEntry.Builder entry) throws IOException {
        sink.write(entry.at(TIME));
    }

    private static LogEntry.Builder entry(Level level, String message) {
        return LogEntry.of(level, "client_connected", message);
    }

    /** One line an entry, and no character in it that a terminal or a reader of lines would act upon. */
    private void assertLines(int entries) throws Exception {
        Optional<String> text = written();
        if (text.isPresent()) {
            assertThat(text.get()).endsWith("\n");
            List<String> lines = text.get().lines().toList();
            assertThat(lines)
                    .hasSize(entries)
                    .allSatisfy(line -> assertThat(line.chars().filter(Character::isISOControl))
                            .isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesEveryLevelFromTheBrokerAndFromTheRobot(Level level) throws IOException {
        write(LogEntry.of(level, "client_connected", "c-17 came"));
        write(LogEntry.of(level, "battery", "12 % left").fromRobot());
    }

    @Test
    void takesAnEntryWithEverything() throws Exception {
        write(entry(Level.WARN, "c-17 fell behind on pose")
                .client("c-17", "operator-3")
                .topic("pose")
                .attribute("dropped", 42)
                .attribute("rate", 0.5)
                .attribute("nan", Double.NaN)
                .attribute("why", "slow")
                .attribute("closed", true));
        assertLines(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{} %s %n ${jndi:ldap://x} \\",
                "two\nlines",
                "two\r\nlines\r",
                "escape \u001b[31m bell \u0007 nul \u0000 del \u007f next line \u0085",
                "separators \u2028 \u2029",
                "turned \u202e round",
                "\"quotes\" 'and' ]brackets[ a=b",
                "ä 🤖",
                "half a pair \ud83e"
            })
    void takesAnyText(String text) throws Exception {
        write(LogEntry.of(Level.WARN, text, text).client(text, text).topic(text).attribute(text, text));
        assertLines(1);
    }

    @Test
    void takesALongText() throws Exception {
        write(entry(Level.WARN, "x".repeat(1 << 20)));
        assertLines(1);
    }

    @Test
    void takesManyEntriesOneAfterTheOther() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            write(entry(Level.WARN, "entry " + i));
        }
        assertLines(1_000);
    }

    @Test
    void closesAfterWhatItWrote() throws Exception {
        write(entry(Level.WARN, "the last one"));
        close();
        assertLines(1);
    }

    @Test
    void closesWithoutAnEntry() throws IOException {
        close();
    }

    /** A builder whose start failed may be started again: the sink that was closed then is written to again. */
    @Test
    void writesAgainAfterItWasClosedOrThrows() throws Exception {
        write(entry(Level.WARN, "the last one"));
        close();
        Optional<String> before = written();
        try {
            write(entry(Level.WARN, "one of the next start"));
        } catch (IOException | RuntimeException saysSo) {
            return;
        }
        close();
        if (before.isPresent()) {
            assertThat(written().orElseThrow())
                    .as("what was taken without an exception")
                    .startsWith(before.get())
                    .contains("one of the next start");
        }
    }

    private void close() throws IOException {
        closed = true;
        sink.close();
    }
}
