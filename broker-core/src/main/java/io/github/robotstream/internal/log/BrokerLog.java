package io.github.robotstream.internal.log;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogSink;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The broker's log. Any thread may write to it, and none waits for it. The broker thread takes what was written, sums up
 * repetitions, leaves out what a subject causes beyond its share, and gives the rest to the topic {@code server_logs} and to
 * the sink, which has a thread of its own.
 *
 * <pre>
 * log() ─> LogQueue ─> broker thread: LogDeduplicator ─> LogRateLimiter ─┬─> server_logs
 *                                                                        └─> SinkRunner ─> LogSink
 * </pre>
 *
 * <p>The log does not feed on itself: entries that are written on the sink's thread, by the sink or about its failures, go
 * to {@code server_logs} alone, and so do entries about what the sink has lost.
 * What a listener to {@code server_logs} logs goes to the sink alone.
 */
public final class BrokerLog {
    /** How many entries one call of {@link #drain} takes. */
    static final int MAX_BATCH = 256;

    /** The queue before the sink. */
    interface SinkQueue {
        void start();

        /** Adds an entry without waiting; false if the entry is lost to the sink. */
        boolean offer(LogEntry entry);

        /** Whether the calling thread is in a call of the sink. */
        boolean isInsideSink();

        long lost();

        /** Lets the sink write what waits and closes it; false if that took longer than the limit. */
        boolean close(Duration limit);
    }

    private final BrokerClock clock;
    private final Consumer<LogEntry> serverLogs;
    private final Runnable wake;
    private final SinkQueue sink;

    private final LogQueue queue = new LogQueue();
    private volatile boolean closed;

    private final LogDeduplicator deduplicator = new LogDeduplicator(this::writeIfAdmitted);
    private final LogRateLimiter limiter;
    private long lossesWritten;
    private long sinkLosses;

    /**
     * {@code serverLogs} is called on the broker thread; {@code wake} asks for {@link #drain}, on any thread. The sink does not
     * run yet.
     */
    public BrokerLog(
            BrokerClock clock,
            LogSink sink,
            Consumer<LogEntry> serverLogs,
            Runnable wake,
            BiConsumer<String, Throwable> userFaults) {
        this.clock = clock;
        this.serverLogs = serverLogs;
        this.wake = wake;
        this.sink = new SinkRunner(sink, clock, this::log, userFaults);
        this.limiter = new LogRateLimiter(clock, this::write);
    }

    /** As above, with a queue that needs no thread. */
    BrokerLog(BrokerClock clock, SinkQueue sink, Consumer<LogEntry> serverLogs, Runnable wake) {
        this.clock = clock;
        this.serverLogs = serverLogs;
        this.wake = wake;
        this.sink = sink;
        this.limiter = new LogRateLimiter(clock, this::write);
    }

    /** Starts the sink's thread. Entries may be written before. */
    public void start() {
        sink.start();
    }

    /** Writes an entry; any thread, never waits. Does nothing after {@link #close}. */
    public void log(LogEntry entry) {
        add(new QueuedEntry(entry, !sink.isInsideSink()));
    }

    /** Writes an entry for the sink alone, past {@code server_logs}; any thread, never waits. */
    public void logToSinkAlone(LogEntry entry) {
        if (!closed) {
            sink.offer(entry);
        }
    }

    /** Writes an entry about the broker thread, which the sink gets though that thread stands still; any thread, never waits. */
    public void logPastBroker(LogEntry entry) {
        if (add(new QueuedEntry(entry, false))) {
            sink.offer(entry);
        }
    }

    private boolean add(QueuedEntry entry) {
        if (closed || !queue.offer(entry)) {
            return false;
        }
        wake.run();
        return true;
    }

    /**
     * Writes what waits and what is due to {@code server_logs} and to the sink; broker thread. Returns when the next call is due
     * without {@code wake}: {@code nowNanos} if entries wait already, Long.MAX_VALUE if none is due.
     */
    public long drain(long nowNanos) {
        deduplicator.writeDue(nowNanos);
        limiter.writeDue(nowNanos);
        takeBatch(nowNanos);
        addLosses(nowNanos);
        return queue.isEmpty() ? earlier(deduplicator.nextDueNanos(), limiter.nextDueNanos()) : nowNanos;
    }

    /** The earlier of two times on the monotonic clock; Long.MAX_VALUE is never. */
    private static long earlier(long one, long other) {
        if (one == Long.MAX_VALUE || other == Long.MAX_VALUE) {
            return one == Long.MAX_VALUE ? other : one;
        }
        return one - other < 0 ? one : other;
    }

    /** Writes everything that waits, due or not; the last call on the broker thread. */
    public void flush(long nowNanos) {
        for (int taken = 0; taken < LogQueue.MAX_ENTRIES; taken += MAX_BATCH) {
            takeBatch(nowNanos);
        }
        addLosses(nowNanos);
        deduplicator.writeAll(nowNanos);
        limiter.writeAll();
    }

    /**
     * Hands the sink the rest and closes it, after the broker thread has ended; returns whether that was done within the limit.
     */
    public boolean close(Duration limit) {
        closed = true;
        for (QueuedEntry last = queue.poll(); last != null; last = queue.poll()) {
            if (last.toSink()) {
                sink.offer(last.entry());
            }
        }
        return sink.close(limit);
    }

    /** How many entries were lost to everybody because too many waited. */
    public long lost() {
        return queue.lost();
    }

    /** How many entries were left out because their subject had caused too many. */
    public long leftOut() {
        return limiter.leftOut();
    }

    /** How many entries were lost to the sink: too many waited, it threw, or it was stuck at the end. */
    public long lostToSink() {
        return sink.lost();
    }

    private void takeBatch(long nowNanos) {
        for (int i = 0; i < MAX_BATCH; i++) {
            QueuedEntry next = queue.poll();
            if (next == null) {
                return;
            }
            deduplicator.add(next, nowNanos);
        }
    }

    private void addLosses(long nowNanos) {
        long lost = queue.lost();
        if (lost > lossesWritten) {
            deduplicator.add(
                    loss("log_entries_lost", "more was logged than could be taken", lost - lossesWritten, true),
                    nowNanos);
            lossesWritten = lost;
        }
        if (sinkLosses > 0) {
            deduplicator.add(
                    loss("sink_entries_lost", "the log sink is slower than entries come", sinkLosses, false), nowNanos);
            sinkLosses = 0;
        }
    }

    private QueuedEntry loss(String event, String message, long dropped, boolean toSink) {
        LogEntry entry = LogEntry.of(Level.WARN, event, message)
                .attribute("dropped", dropped)
                .at(clock.now());
        return new QueuedEntry(entry, toSink);
    }

    private boolean writeIfAdmitted(QueuedEntry entry) {
        boolean admitted = limiter.admits(entry);
        if (admitted) {
            write(entry);
        }
        return admitted;
    }

    private void write(QueuedEntry queued) {
        serverLogs.accept(queued.entry());
        if (queued.toSink() && !sink.offer(queued.entry())) {
            sinkLosses++;
        }
    }
}
