package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A queue before a sink that needs no thread, with as much room as a test says. */
final class FakeSinkQueue implements BrokerLog.SinkQueue {
    final List<LogEntry> entries = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    boolean insideSink;
    boolean closed;

    @Override
    public void start() {}

    @Override
    public boolean offer(LogEntry entry) {
        return entries.size() < room && entries.add(entry);
    }

    @Override
    public boolean isInsideSink() {
        return insideSink;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public boolean close(Duration limit) {
        closed = true;
        return true;
    }
}
