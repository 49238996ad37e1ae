package io.github.robotstream.internal.log;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The broker's log. Anybody may write to it and nobody waits for it; the broker thread folds what was written and gives
 * each outcome to the topic {@code server_logs} and to the sink, which has a thread of its own.
 *
 * <p>It does not feed on itself: what is logged on the sink's thread, by the sink or about its failures, goes to
 * {@code server_logs} alone, and so does what is said about entries that were lost to the sink.
 */
public final class BrokerLog {
    /** How many entries one turn of the broker thread takes. */
    static final int MAX_BITE = 256;

    private final BrokerClock clock;
    private final Consumer<LogEntry> serverLogs;
    private final Runnable attention;
    private final SinkLane sink;

    private final LogQueue waiting = new LogQueue();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile boolean closed;

    private final LogFold fold = new LogFold(this::tellIfAdmitted);
    private final LogRateLimiter limiter;
    private long lostTold;
    private long sinkLost;

    /**
     * A log; the sink's thread does not run yet.
     *
     * @param serverLogs publishes an entry on {@code server_logs}; called on the broker thread, must not throw
     * @param attention asks for a call of {@link #drain}; called on any thread, once until that call; must not wait
     */
    public BrokerLog(BrokerClock clock, LogSink sink, Consumer<LogEntry> serverLogs, Runnable attention) {
        this.clock = clock;
        this.serverLogs = serverLogs;
        this.attention = attention;
        this.sink = new SinkRunner(sink, clock, this::log);
        this.limiter = new LogRateLimiter(clock, this::tell);
    }

    /** As above, with a way to the sink that needs no thread. */
    BrokerLog(BrokerClock clock, SinkLane sink, Consumer<LogEntry> serverLogs, Runnable attention) {
        this.clock = clock;
        this.serverLogs = serverLogs;
        this.attention = attention;
        this.sink = sink;
        this.limiter = new LogRateLimiter(clock, this::tell);
    }

    /** Starts the sink's thread. Entries may be written before. */
    public void start() {
        sink.start();
    }

    /** Writes an entry; any thread, never waits. After {@link #close} it does nothing. */
    public void log(LogEntry entry) {
        add(new LogLine(entry, !sink.isInsideSink()));
    }

    private boolean add(LogLine line) {
        if (closed || !waiting.offer(line)) {
            return false;
        }
        if (asked.compareAndSet(false, true)) {
            attention.run();
        }
        return true;
    }

    /**
     * Writes an entry about the broker thread, whose turn the sink must not wait for; any thread, never waits. In
     * {@code server_logs} it is when that thread goes on.
     */
    public void logPastBroker(LogEntry entry) {
        if (add(new LogLine(entry, false))) {
            sink.offer(entry);
        }
    }

    /**
     * Gives on what was written and what is due; broker thread only.
     *
     * @param nowNanos the monotonic clock
     * @return when it wants to be called again without being asked for, on the monotonic clock: {@code nowNanos} if more
     *     waits already, Long.MAX_VALUE if nothing does
     */
    public long drain(long nowNanos) {
        asked.set(false);
        fold.tellDue(nowNanos);
        limiter.tellDue(nowNanos);
        addWaiting(nowNanos);
        addLosses(nowNanos);
        return waiting.isEmpty() ? earlier(fold.nextDueNanos(), limiter.nextDueNanos()) : nowNanos;
    }

    /** The one of two times on the monotonic clock, of which Long.MAX_VALUE is never. */
    private static long earlier(long one, long other) {
        if (one == Long.MAX_VALUE || other == Long.MAX_VALUE) {
            return one == Long.MAX_VALUE ? other : one;
        }
        return one - other < 0 ? one : other;
    }

    /** Gives on everything at once, due or not: the last call of the broker thread, however it ends. */
    public void flush(long nowNanos) {
        for (int taken = 0; taken < LogQueue.MAX_ENTRIES; taken += MAX_BITE) {
            addWaiting(nowNanos);
        }
        addLosses(nowNanos);
        fold.tellAll(nowNanos);
        limiter.tellAll();
    }

    /**
     * Gives the sink what came after {@link #flush}, lets it work off what waits, and closes it on its thread; what is not
     * done within the limit is given up. To be called by one thread, after the broker thread has ended.
     *
     * @return whether the sink was done within the limit
     */
    public boolean close(Duration limit) {
        closed = true;
        LogLine line = waiting.poll();
        while (line != null) {
            if (line.toSink()) {
                sink.offer(line.entry());
            }
            line = waiting.poll();
        }
        return sink.close(limit);
    }

    /** How many entries were lost to everybody because too many waited. */
    public long lost() {
        return waiting.lost();
    }

    /** How many entries were left out because their subject had caused too many. */
    public long leftOut() {
        return limiter.leftOut();
    }

    /** How many entries were lost to the sink: too many waited, it threw, or it was stuck at the end. */
    public long lostToSink() {
        return sink.lost();
    }

    private void addWaiting(long nowNanos) {
        for (int i = 0; i < MAX_BITE; i++) {
            LogLine line = waiting.poll();
            if (line == null) {
                return;
            }
            fold.add(line, nowNanos);
        }
    }

    private void addLosses(long nowNanos) {
        long lost = waiting.lost();
        if (lost > lostTold) {
            fold.add(loss("log_entries_lost", "more was logged than could be taken", lost - lostTold, true), nowNanos);
            lostTold = lost;
        }
        if (sinkLost > 0) {
            fold.add(loss("sink_entries_lost", "the log sink is slower than entries come", sinkLost, false), nowNanos);
            sinkLost = 0;
        }
    }

    private LogLine loss(String event, String message, long dropped, boolean toSink) {
        LogEntry entry = LogEntry.builder(LogEntry.Origin.BROKER, LogEntry.Level.WARN, event, message)
                .attribute("dropped", dropped)
                .at(clock.now());
        return new LogLine(entry, toSink);
    }

    private boolean tellIfAdmitted(LogLine line) {
        boolean admitted = limiter.admits(line);
        if (admitted) {
            tell(line);
        }
        return admitted;
    }

    private void tell(LogLine line) {
        serverLogs.accept(line.entry());
        if (line.toSink() && !sink.offer(line.entry())) {
            sinkLost++;
        }
    }
}
