package io.github.robotstream.spi;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes the broker's own entries to SLF4J. */
final class Slf4jLogSink implements LogSink {
    private final Logger logger;

    Slf4jLogSink() {
        this(LoggerFactory.getLogger("io.github.robotstream"));
    }

    Slf4jLogSink(Logger logger) {
        this.logger = logger;
    }

    @Override
    public void write(LogEntry entry) {
        Level level = level(entry.level());
        if (entry.origin() == LogEntry.Origin.BROKER && logger.isEnabledForLevel(level)) {
            logger.atLevel(level).log(LogEntryText.of(entry));
        }
    }

    private static Level level(LogEntry.Level level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }
}
