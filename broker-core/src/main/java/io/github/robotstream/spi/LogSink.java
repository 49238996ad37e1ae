package io.github.robotstream.spi;

import java.io.IOException;

/**
 * Where the broker's log entries go, beside the topic {@code server_logs}.
 *
 * <p>Thread: one log thread, never two calls at once. Blocking: allowed; entries wait in a bounded queue, what does not
 * fit is lost to the sink alone and counted. Failure: what it throws is counted and told on {@code server_logs}, and the
 * next entry comes all the same. Lifetime: the broker closes it at its end.
 */
@FunctionalInterface
public interface LogSink extends AutoCloseable {
    /**
     * Takes one entry.
     *
     * @param entry what happened
     * @throws IOException if it could not be written
     */
    void write(LogEntry entry) throws IOException;

    /**
     * Ends the sink; does nothing unless overridden.
     *
     * @throws IOException if something could not be written
     */
    @Override
    default void close() throws IOException {}

    /**
     * A sink that writes the broker's own entries to SLF4J, logger {@code io.github.robotstream}. It passes over those
     * that robot code wrote, so that an appender which hands log lines to the broker cannot feed on itself.
     *
     * @return the sink
     */
    static LogSink slf4j() {
        return new Slf4jLogSink();
    }

    /**
     * A sink that keeps nothing.
     *
     * @return the sink
     */
    static LogSink none() {
        return entry -> {};
    }
}
