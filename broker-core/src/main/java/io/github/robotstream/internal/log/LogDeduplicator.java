package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

    private final Predicate<QueuedEntry> out;
    private long weight;

    /** {@code out} writes an entry, or returns false if it is not admitted. */
    LogDeduplicator(Predicate<QueuedEntry> out) {
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
        } else if (out.test(entry)) {
            RepeatSummary first = new RepeatSummary(entry, nowNanos);
            kinds.put(kind, first);
            weight += first.weight();
        }
        forgetBeyondBounds(nowNanos);
    }

    private void forgetBeyondBounds(long nowNanos) {
        while (kinds.size() > MAX_KINDS || weight > MAX_WEIGHT) {
            removeOldest().take(nowNanos).ifPresent(out::test);
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
            if (summary.take(nowNanos).filter(out).isPresent()) {
                kinds.put(kind, summary);
                weight += summary.weight();
            }
        }
    }

    /** Writes all summaries, at the end. */
    void writeAll(long nowNanos) {
        while (!kinds.isEmpty()) {
            removeOldest().take(nowNanos).ifPresent(out::test);
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

    /** The entries of one kind that came since one of them was last written: their last one, their number and their sums. */
    static final class RepeatSummary {
        /** Attributes that are counts: their whole numbers are added up; of all others the last value stays. */
        private static final Set<String> SUMMED = Set.of("dropped");

        private final long firstWeight;
        private final Map<String, Long> sums = new LinkedHashMap<>();
        private long writtenNanos;
        private long count;
        private @Nullable QueuedEntry last;

        /** A summary of nothing, after the first entry of its kind was written. */
        RepeatSummary(QueuedEntry first, long nowNanos) {
            firstWeight = first.weight();
            writtenNanos = nowNanos;
        }

        /** When an entry of its kind was last written, on the monotonic clock. */
        long writtenNanos() {
            return writtenNanos;
        }

        boolean isEmpty() {
            return count == 0;
        }

        /** Roughly how many characters it holds. */
        long weight() {
            return firstWeight + (last == null ? 0 : last.weight());
        }

        void add(QueuedEntry entry) {
            count++;
            last = entry;
            for (String name : SUMMED) {
                long more = entry.whole(name, 0);
                if (more != 0) {
                    sums.merge(name, more, Long::sum);
                }
            }
        }

        /** The last entry with the number of entries in {@code count}; begins anew. Empty if no entry came. */
        Optional<QueuedEntry> take(long nowNanos) {
            QueuedEntry taken = last;
            if (taken == null) {
                return Optional.empty();
            }
            LogEntry entry = taken.entry();
            LogEntry.Builder summary = LogEntry.builder(entry.origin(), entry.level(), entry.event(), entry.message());
            entry.client().ifPresent(id -> summary.client(id, entry.subject().orElse("")));
            entry.topic().ifPresent(summary::topic);
            entry.detail().ifPresent(summary::detail);
            entry.attributes().forEach(summary::attribute);
            sums.forEach(summary::attribute);
            summary.attribute("count", count);
            sums.clear();
            count = 0;
            last = null;
            writtenNanos = nowNanos;
            return Optional.of(new QueuedEntry(summary.at(entry.time()), taken.toSink()));
        }
    }
}
