package io.github.robotstream.internal.log;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries that wait for the broker thread, bounded by their number and their characters; those that clients of one subject
 * caused hold at most a quarter of the places. What does not fit is lost and counted. Safe for use by several threads.
 */
final class LogQueue {
    static final int MAX_ENTRIES = 1_024;
    static final int MAX_OF_SUBJECT = MAX_ENTRIES / 4;
    static final long MAX_WEIGHT = 4L << 20;

    private final ArrayDeque<LogLine> lines = new ArrayDeque<>();
    private final Map<String, Integer> bySubject = new HashMap<>();
    private long weight;
    private long lost;

    /** Adds an entry, or counts it as lost. */
    synchronized boolean offer(LogLine line) {
        String subject = line.limitedSubject();
        if (lines.size() == MAX_ENTRIES
                || line.weight() > MAX_WEIGHT - weight
                || (subject != null && bySubject.getOrDefault(subject, 0) == MAX_OF_SUBJECT)) {
            lost++;
            return false;
        }
        lines.add(line);
        weight += line.weight();
        if (subject != null) {
            bySubject.merge(subject, 1, Integer::sum);
        }
        return true;
    }

    /** Takes the oldest entry, or null if none waits. */
    synchronized @Nullable LogLine poll() {
        LogLine line = lines.poll();
        if (line != null) {
            weight -= line.weight();
            String subject = line.limitedSubject();
            if (subject != null) {
                bySubject.computeIfPresent(subject, (same, count) -> count == 1 ? null : count - 1);
            }
        }
        return line;
    }

    synchronized boolean isEmpty() {
        return lines.isEmpty();
    }

    /** How many entries were lost so far. */
    synchronized long lost() {
        return lost;
    }
}
