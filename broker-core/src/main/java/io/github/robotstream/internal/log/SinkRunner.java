package io.github.robotstream.internal.log;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Budget;
import io.github.robotstream.internal.worker.Work;
import io.github.robotstream.internal.worker.Worker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The sink on its thread {@code robotstream-log}, behind a bounded queue; entries that find that full are lost to it and
 * counted.
 */
final class SinkRunner implements BrokerLog.SinkQueue, Work<LogEntry> {
    static final int MAX_WAITING = 4_096;
    static final long MAX_CHARACTERS = 4L << 20;

    private final LogSink sink;
    private final BrokerClock clock;
    private final Consumer<LogEntry> log;
    private final BiConsumer<String, Throwable> userFaults;
    private final Budget budget = new Budget(MAX_WAITING, MAX_CHARACTERS);
    private final AtomicLong failed = new AtomicLong();
    private final Worker<LogEntry> worker = new Worker<>("robotstream-log", 1, this);

    /** A runner that does not run yet; {@code log} is given an entry, on the sink's thread, for each failure of the sink. */
    SinkRunner(LogSink sink, BrokerClock clock, Consumer<LogEntry> log, BiConsumer<String, Throwable> userFaults) {
        this.sink = sink;
        this.clock = clock;
        this.log = log;
        this.userFaults = userFaults;
    }

    @Override
    public void start() {
        worker.start();
    }

    @Override
    public boolean offer(LogEntry entry) {
        return worker.offer(entry, budget, new QueuedEntry(entry, true).weight());
    }

    @Override
    public boolean isInsideSink() {
        return worker.isCurrentThread();
    }

    @Override
    public long lost() {
        return budget.lost() + failed.get();
    }

    @Override
    public boolean close(Duration limit) {
        return worker.close(limit);
    }

    @Override
    public void run(List<LogEntry> batch) throws IOException {
        sink.write(batch.get(0));
    }

    @Override
    public void failed(List<LogEntry> batch, Throwable cause) {
        failed.addAndGet(batch.size());
        String call = batch.isEmpty() ? "close" : "write";
        userFaults.accept(call + " of the log sink", cause);
        // Clients may read this, and the text of the cause has no other reader: the sink is what fails.
        String message =
                call + " of the log sink failed with " + cause.getClass().getName();
        LogEntry.Builder entry = LogEntry.of(Level.ERROR, "sink_failed", message);
        log.accept((batch.isEmpty() ? entry : entry.attribute("dropped", 1)).at(clock.now()));
    }

    /** The budget counts them. They are not logged: the broker has closed. */
    @Override
    public void abandoned(List<LogEntry> items) {}

    @Override
    public void end() throws IOException {
        sink.close();
    }
}
