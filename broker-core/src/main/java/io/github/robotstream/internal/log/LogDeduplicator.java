package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Writes the first entry of a kind at once, and sums up those that follow in one entry every 5 s, with their number in the
 * attribute {@code count}. Entries of the same event, client and topic are of one kind; of those that robot code wrote, only
 * entries with the same message, since their texts are not the broker's own.
 *
 * <p>Memory: at most {@value #MAX_KINDS} kinds and a million characters. Beyond that, the kind that was written longest ago
 * is forgotten after its summary was written. A kind whose entry is not admitted is not remembered, so that a flood of them
 * does not push other kinds out. Belongs to one thread.
 */
final class LogDeduplicator {
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final int MAX_KINDS = 1_024;
    static final long MAX_WEIGHT = 1 << 20;

    /** Where entries go. */
    interface Output {
        /** Writes an entry, or returns false if it is not admitted. */
        boolean write(QueuedEntry entry);
    }

    private record Kind(
            String event,
            Optional<String> client,
            Optional<String> topic,
            boolean toSink,
            LogEntry.Origin origin,
            String message) {
        static Kind of(QueuedEntry queued) {
            LogEntry entry = queued.entry();
            String message = entry.origin() == LogEntry.Origin.ROBOT ? entry.message() : "";
            return new Kind(entry.event(), entry.client(), entry.topic(), queued.toSink(), entry.origin(), message);
        }
    }

    /** In the order in which they were last written, which is the order in which their summaries are due. */
    private final Map<Kind, RepeatSummary> kinds = new LinkedHashMap<>();

    private final Output out;
    private long weight;

    LogDeduplicator(Output out) {
        this.out = out;
    }

    /** Takes an entry; {@link #writeDue} is called before. */
    void add(QueuedEntry entry, long nowNanos) {
        Kind kind = Kind.of(entry);
        RepeatSummary known = kinds.get(kind);
        if (known != null) {
            weight -= known.weight();
            known.add(entry);
            weight += known.weight();
        } else if (out.write(entry)) {
            RepeatSummary first = new RepeatSummary(entry, nowNanos);
            kinds.put(kind, first);
            weight += first.weight();
        }
        forgetBeyondBounds(nowNanos);
    }

    private void forgetBeyondBounds(long nowNanos) {
        while (kinds.size() > MAX_KINDS || weight > MAX_WEIGHT) {
            removeOldest().take(nowNanos).ifPresent(out::write);
        }
    }

    private RepeatSummary removeOldest() {
        Iterator<RepeatSummary> oldest = kinds.values().iterator();
        RepeatSummary summary = oldest.next();
        oldest.remove();
        weight -= summary.weight();
        return summary;
    }

    /** Writes summaries that have waited for 5 s, and forgets kinds of which no entry came for so long. */
    void writeDue(long nowNanos) {
        while (!kinds.isEmpty()) {
            Map.Entry<Kind, RepeatSummary> oldest = kinds.entrySet().iterator().next();
            if (nowNanos - oldest.getValue().writtenNanos() < WINDOW_NANOS) {
                return;
            }
            Kind kind = oldest.getKey();
            RepeatSummary summary = removeOldest();
            if (summary.take(nowNanos).filter(out::write).isPresent()) {
                kinds.put(kind, summary);
                weight += summary.weight();
            }
        }
    }

    /** Writes all summaries, at the end. */
    void writeAll(long nowNanos) {
        while (!kinds.isEmpty()) {
            removeOldest().take(nowNanos).ifPresent(out::write);
        }
    }

    /** When {@link #writeDue} has an entry to write, on the monotonic clock, or Long.MAX_VALUE if no summary waits. */
    long nextDueNanos() {
        for (RepeatSummary summary : kinds.values()) {
            if (!summary.isEmpty()) {
                return summary.writtenNanos() + WINDOW_NANOS;
            }
        }
        return Long.MAX_VALUE;
    }
}
