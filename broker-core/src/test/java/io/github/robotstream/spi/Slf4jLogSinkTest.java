package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.tck.LogSinkContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Marker;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class Slf4jLogSinkTest extends LogSinkContract {
    private final RecordingLogger logger = new RecordingLogger();
    private final RecordingLogger robot = new RecordingLogger();
    private final LogSink sink = new Slf4jLogSink(logger, robot);

    @Override
    protected LogSink newSink() {
        return sink;
    }

    @Override
    protected Optional<String> written() {
        return Optional.of(logger.lines.stream()
                .map(line -> line.replaceFirst("^[A-Z]+ ", "") + "\n")
                .reduce("", String::concat));
    }

    private String line(LogEntry.Builder entry) throws Exception {
        sink.write(entry.at(Instant.EPOCH));
        return logger.lines.get(logger.lines.size() - 1);
    }

    private static LogEntry.Builder entry(String message) {
        return LogEntry.of(Level.WARN, "messages_dropped", message);
    }

    @ParameterizedTest
    @EnumSource
    void eachLevelGoesToTheOneOfItsName(Level level) throws Exception {
        assertThat(line(LogEntry.of(level, "event", "message"))).isEqualTo(level.name() + " event: message");
    }

    @Test
    void whatRobotCodeLoggedGoesToALoggerOfItsOwn() throws Exception {
        sink.write(LogEntry.of(Level.ERROR, "battery", "low").fromRobot().at(Instant.EPOCH));
        sink.write(LogEntry.of(Level.INFO, "dock", "found")
                .fromRobot()
                .topic("pose")
                .at(Instant.EPOCH));
        assertThat(logger.lines).isEmpty();
        assertThat(robot.lines).hasSize(2);
        assertThat(robot.lines.get(0)).matches("ERROR battery: low \\[origin=robot run=[0-9a-f]{8}]");
        assertThat(robot.lines.get(1)).matches("INFO dock: found \\[topic=pose origin=robot run=[0-9a-f]{8}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "12:00 ERROR - %s\n", "dock: \"a b\" [topic=pose detail=\"%s\"]"})
    void aLineOfRobotCodeThatAnAppenderLoggedIsNotWrittenAgain(String appended) throws Exception {
        sink.write(
                LogEntry.of(Level.ERROR, "battery", "low \"now\"").fromRobot().at(Instant.EPOCH));
        String line = String.format(appended, robot.lines.remove(0));
        for (LogSink each : List.of(sink, new Slf4jLogSink(logger, robot))) {
            each.write(LogEntry.of(Level.ERROR, "log", line).fromRobot().at(Instant.EPOCH));
            each.write(LogEntry.of(Level.ERROR, "log", "see line")
                    .fromRobot()
                    .attribute("line", line)
                    .at(Instant.EPOCH));
        }
        assertThat(robot.lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"battery: low [origin=robot]", "low [origin=robot run=00000000]", "origin=robot run=", "]"})
    void noEntryOfRobotCodeIsLeftOutForATextOfItsOwn(String text) throws Exception {
        sink.write(LogEntry.of(Level.ERROR, "log", text).fromRobot().at(Instant.EPOCH));
        sink.write(LogEntry.of(Level.ERROR, "log", "see line")
                .fromRobot()
                .attribute("line", text)
                .at(Instant.EPOCH));
        assertThat(robot.lines).hasSize(2).allMatch(line -> line.contains(text));
    }

    @Test
    void aLevelThatIsOffIsNotWritten() throws Exception {
        logger.enabled.remove(org.slf4j.event.Level.WARN);
        sink.write(entry("quiet").at(Instant.EPOCH));
        assertThat(logger.lines).isEmpty();
    }

    @Test
    void particularsStandInBracketsBehindTheMessage() throws Exception {
        assertThat(line(entry("c-17 fell behind on pose")
                        .client("c-17", "operator-3")
                        .topic("pose")
                        .attribute("dropped", 42)
                        .attribute("rate", 0.5)))
                .isEqualTo("WARN messages_dropped: c-17 fell behind on pose"
                        + " [client=c-17 subject=operator-3 topic=pose dropped=42 rate=0.5]");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a b,`\"a b\"`",
                "x] [y=1,`\"x] [y=1\"`",
                "say \"hi\" \\,`\"say \\\"hi\\\" \\\\\"`",
                "``,`\"\"`",
                "ä🤖,`\"ä🤖\"`"
            })
    void aValueCannotPretendToBeAnother(String topic, String written) throws Exception {
        assertThat(line(entry("m").topic(topic))).isEqualTo("WARN messages_dropped: m [topic=" + written + "]");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "c-7 subscribed to cmd_vel [client=c-1 subject=admin topic=x,"
                        + "`\"c-7 subscribed to cmd_vel [client=c-1 subject=admin topic=x\"`",
                "subscribed to a subject=admin,`\"subscribed to a subject=admin\"`",
                "a] b,`\"a] b\"`",
                "say \"hi\",`\"say \\\"hi\\\"\"`",
                "a \\u000a b,`\"a \\\\u000a b\"`",
                "retry_after_ms=4000: too many,`\"retry_after_ms=4000: too many\"`"
            })
    void aMessageCannotPretendToHaveParticulars(String message, String written) throws Exception {
        assertThat(line(entry(message).client("c-7", "mallory")))
                .isEqualTo("WARN messages_dropped: " + written + " [client=c-7 subject=mallory]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribed: c-1 subscribed [client=c-1", "two words", "", "a=b", "\"quoted\""})
    void anEventCannotPretendToBeAnother(String event) throws Exception {
        assertThat(line(LogEntry.of(Level.WARN, event, "m")))
                .isEqualTo("WARN \"" + event.replace("\"", "\\\"") + "\": m");
    }

    @Test
    void aMessageCannotPretendToBeALine() throws Exception {
        assertThat(line(entry("a\r\nERROR b\u001b(2J\u2028\u202e\ud83e" + "🤖 {}")))
                .isEqualTo("WARN messages_dropped: a\\u000d\\nERROR b\\u001b(2J\\u2028\\u202e\\ud83e🤖 {}");
    }

    private static final class RecordingLogger extends AbstractLogger {
        private static final long serialVersionUID = 1L;

        private final transient List<String> lines = new ArrayList<>();
        private final transient Set<org.slf4j.event.Level> enabled = EnumSet.allOf(org.slf4j.event.Level.class);

        RecordingLogger() {
            name = "recording";
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                org.slf4j.event.Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
        }

        @Override
        public boolean isTraceEnabled() {
            return enabled.contains(org.slf4j.event.Level.TRACE);
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return isTraceEnabled();
        }

        @Override
        public boolean isDebugEnabled() {
            return enabled.contains(org.slf4j.event.Level.DEBUG);
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return isDebugEnabled();
        }

        @Override
        public boolean isInfoEnabled() {
            return enabled.contains(org.slf4j.event.Level.INFO);
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return isInfoEnabled();
        }

        @Override
        public boolean isWarnEnabled() {
            return enabled.contains(org.slf4j.event.Level.WARN);
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return isWarnEnabled();
        }

        @Override
        public boolean isErrorEnabled() {
            return enabled.contains(org.slf4j.event.Level.ERROR);
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return isErrorEnabled();
        }
    }
}
