package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of one kind that came since one of them was last written: their last one, their number and their sums. */
final class RepeatSummary {
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
