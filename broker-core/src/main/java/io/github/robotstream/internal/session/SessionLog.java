package io.github.robotstream.internal.session;

import io.github.robotstream.spi.LogEntry;
import java.util.function.Consumer;

/**
 * What is told of one session. Any thread.
 *
 * @param id the session's
 * @param subject the name of its client's principal
 */
record SessionLog(String id, String subject, Consumer<LogEntry.Builder> log) {
    /** Begins an entry about the session. */
    LogEntry.Builder entry(LogEntry.Level level, String event, String message) {
        return LogEntry.of(level, event, message).client(id, subject);
    }

    void tell(LogEntry.Builder entry) {
        log.accept(entry);
    }
}
