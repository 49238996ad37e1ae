package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came of one kind since it was last told. */
final class Repeats {
    /** Attributes that are counts: their whole numbers are added up; of all others the last value stays. */
    private static final Set<String> SUMMED = Set.of("dropped");

    private final long firstWeight;
    private final Map<String, Long> sums = new LinkedHashMap<>();
    private long toldNanos;
    private long count;
    private @Nullable LogLine last;

    Repeats(LogLine first, long nowNanos) {
        firstWeight = first.weight();
        toldNanos = nowNanos;
    }

    long toldNanos() {
        return toldNanos;
    }

    boolean untold() {
        return count > 0;
    }

    long weight() {
        return firstWeight + (last == null ? 0 : last.weight());
    }

    void add(LogLine line) {
        count++;
        last = line;
        for (String name : SUMMED) {
            long more = line.whole(name, 0);
            if (more != 0) {
                sums.merge(name, more, Long::sum);
            }
        }
    }

    /** The last line with the number of lines it stands for in {@code count}; begins anew. Empty if there was none. */
    Optional<LogLine> tell(long nowNanos) {
        LogLine line = last;
        if (line == null) {
            return Optional.empty();
        }
        LogEntry entry = line.entry();
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
        toldNanos = nowNanos;
        return Optional.of(new LogLine(summary.at(entry.time()), line.toSink()));
    }
}
