package io.github.robotstream.spi;

import java.io.IOException;

/**
 * Where the broker's log entries go, beside the topic {@code server_logs}.
 *
 * <p>Thread: one log thread, never two calls at once. Blocking: allowed; entries wait in a bounded queue, what does not
 * fit is lost to the sink alone and counted. A call that is still stuck when the broker's time to close is over is
 * interrupted and left alone. Failure: what it throws is counted and told on {@code server_logs} with its message (which
 * must hold no secret: clients may read it), and the next entry comes all the same.
 *
 * <p>Lifetime: each start of a broker ends with one call of {@link #close} on the log thread: when that broker closes, or at
 * once if the start fails, and that start's broker writes nothing afterwards. {@link io.github.robotstream.BrokerBuilder#start}
 * may be called again after it failed, and then writes to the same sink: {@link #write} after {@code close} opens what it
 * needs again, or throws, which is told as {@code sink_failed}; it does not lose entries in silence.
 *
 * <p>What a sink logs through the broker from inside {@link #write} goes to {@code server_logs} alone and does not come
 * back. A sink that hands entries to another thread, which logs them through the broker, has to pass over the entries
 * that {@linkplain LogEntry#isFromRobot robot code wrote}, or it feeds on itself.
 *
 * <pre>{@code
 * LogSink alarm = entry -> {
 *     if (entry.level() == LogEntry.Level.ERROR) {
 *         display.show(entry.message());
 *     }
 * };
 * RobotStreamBroker.builder().logSink(alarm);
 * }</pre>
 */
@FunctionalInterface
public interface LogSink extends AutoCloseable {
    /**
     * Takes one entry.
     *
     * @param entry what happened; its texts may come from clients and hold any character
     * @throws IOException if it could not be written
     */
    void write(LogEntry entry) throws IOException;

    /**
     * Ends the sink: what it holds back is written out, and what it has opened is closed. Does nothing unless overridden.
     *
     * @throws IOException if something could not be written
     */
    @Override
    default void close() throws IOException {}

    /**
     * A sink that writes to SLF4J: the broker's own entries to the logger {@code io.github.robotstream}, those of robot code to
     * {@code io.github.robotstream.robot}, each as one line without control characters,
     * {@code event: message [client=c-17 subject=operator-3 topic=pose dropped=42]}. Texts that could be read as particulars are quoted.
     *
     * <p>An appender that hands log lines to the broker does not feed on itself: lines of robot code end in
     * {@code origin=robot run=4f9c21a7]}, with a random number of the process, and an entry of robot code that holds such an end is not
     * written again. One that cuts lines short has to pass over that logger.
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
