package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the first entry of a kind at once, and sums up those that follow in one entry every 5 s, with their number in {@code
 * count}. Of one kind are entries of the same event, client, topic and attribute {@code cause}, and where robot code wrote them, message. Of too many
 * kinds or characters, the kind that was written longest ago is summed up and forgotten. A kind whose entry is not admitted is
 * not kept, so that a flood of them pushes no others out. For one thread.
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

    /** In the order in which they were last written, which is the order in which their summaries are due. */
    private final Map<List<@Nullable Object>, RepeatSummary> kinds = new LinkedHashMap<>();

    private final Output out;
    private long weight;
    private int waiting; // summaries of something

    LogDeduplicator(Output out) {
        this.out = out;
    }

    /** Takes an entry; {@link #writeDue} is called before. */
    void add(QueuedEntry entry, long nowNanos) {
        List<@Nullable Object> kind = kind(entry);
        RepeatSummary known = kinds.get(kind);
        if (known != null) {
            weight -= known.weight();
            waiting += known.isEmpty() ? 1 : 0;
            known.add(entry);
            weight += known.weight();
        } else if (out.write(entry)) {
            RepeatSummary first = new RepeatSummary(entry, nowNanos);
            kinds.put(kind, first);
            weight += first.weight();
        }
        while (kinds.size() > MAX_KINDS || weight > MAX_WEIGHT) {
            removeOldest().take(nowNanos).ifPresent(out::write);
        }
    }

    /** What the entries of a kind have in common. A list, as the first comparison of a record's values links a hundred classes. */
    private static List<@Nullable Object> kind(QueuedEntry queued) {
        LogEntry entry = queued.entry();
        String message = entry.isFromRobot() ? entry.message() : "";
        return Arrays.asList(
                entry.event(),
                entry.client(),
                entry.topic(),
                queued.toSink(),
                entry.isFromRobot(),
                message,
                entry.attributes().get("cause"));
    }

    private RepeatSummary removeOldest() {
        Iterator<RepeatSummary> oldest = kinds.values().iterator();
        RepeatSummary summary = oldest.next();
        oldest.remove();
        weight -= summary.weight();
        waiting -= summary.isEmpty() ? 0 : 1;
        return summary;
    }

    /** Writes summaries that have waited for 5 s, and forgets kinds of which no entry came for so long. */
    void writeDue(long nowNanos) {
        while (!kinds.isEmpty()) {
            Map.Entry<List<@Nullable Object>, RepeatSummary> oldest =
                    kinds.entrySet().iterator().next();
            if (nowNanos - oldest.getValue().writtenNanos() < WINDOW_NANOS) {
                return;
            }
            List<@Nullable Object> kind = oldest.getKey();
            RepeatSummary summary = removeOldest();
            if (summary.take(nowNanos).filter(out::write).isPresent()) {
                kinds.put(kind, summary);
                weight += summary.weight();
            }
        }
    }

    void writeAll(long nowNanos) {
        while (!kinds.isEmpty()) {
            removeOldest().take(nowNanos).ifPresent(out::write);
        }
    }

    /** When {@link #writeDue} has an entry to write, on the monotonic clock, or Long.MAX_VALUE if no summary waits. */
    long nextDueNanos() {
        if (waiting == 0) {
            return Long.MAX_VALUE; // as most often: it is asked whenever the broker thread rests
        }
        for (RepeatSummary summary : kinds.values()) {
            if (!summary.isEmpty()) {
                return summary.writtenNanos() + WINDOW_NANOS;
            }
        }
        return Long.MAX_VALUE;
    }

    /** The entries of one kind that came since one of them was last written: their last one, their number and their sums. */
    static final class RepeatSummary {
        private final long firstWeight;
        private long writtenNanos;
        private long count;
        /** The sum of the attributes {@code dropped}; of all others the last value stays. */
        private long dropped;

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

        long weight() {
            return firstWeight + (last == null ? 0 : last.weight());
        }

        void add(QueuedEntry entry) {
            count++;
            last = entry;
            dropped += entry.whole("dropped", 0);
        }

        /** The last entry with the number of entries in {@code count}; begins anew. Empty if no entry came. */
        Optional<QueuedEntry> take(long nowNanos) {
            QueuedEntry taken = last;
            if (taken == null) {
                return Optional.empty();
            }
            LogEntry entry = taken.entry();
            LogEntry.Builder summary = LogEntry.of(entry.level(), entry.event(), entry.message());
            if (entry.isFromRobot()) {
                summary.fromRobot();
            }
            entry.client().ifPresent(id -> summary.client(id, entry.subject().orElse("")));
            entry.topic().ifPresent(summary::topic);
            entry.detail().ifPresent(summary::detail);
            entry.attributes().forEach(summary::attribute);
            if (dropped != 0) {
                summary.attribute("dropped", dropped);
            }
            summary.attribute("count", count);
            dropped = 0;
            count = 0;
            last = null;
            writtenNanos = nowNanos;
            return Optional.of(new QueuedEntry(summary.at(entry.time()), taken.toSink()));
        }
    }
}
