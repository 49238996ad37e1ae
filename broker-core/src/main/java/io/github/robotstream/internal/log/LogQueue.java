package io.github.robotstream.internal.log;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries that wait for the broker thread, bounded by number and characters; those that clients of one subject cause hold at
 * most a quarter of the places. What does not fit is lost and counted. Any thread.
 */
final class LogQueue {
    static final int MAX_ENTRIES = 1_024;
    static final int MAX_OF_SUBJECT = MAX_ENTRIES / 4;
    static final long MAX_WEIGHT = 4L << 20;

    /** As large as it will get: one that finds no memory to grow would forget what it holds. */
    private final ArrayDeque<QueuedEntry> entries = new ArrayDeque<>(MAX_ENTRIES + 1);

    private final Map<String, Integer> bySubject = new HashMap<>();
    private long weight;
    private long lost;

    /** Adds an entry, or counts it as lost. */
    synchronized boolean offer(QueuedEntry entry) {
        String subject = entry.limitedSubject();
        if (entries.size() == MAX_ENTRIES
                || entry.weight() > MAX_WEIGHT - weight
                || (subject != null && bySubject.getOrDefault(subject, 0) == MAX_OF_SUBJECT)) {
            lost++;
            return false;
        }
        entries.add(entry);
        weight += entry.weight();
        if (subject != null) {
            bySubject.merge(subject, 1, Integer::sum);
        }
        return true;
    }

    synchronized @Nullable QueuedEntry poll() {
        QueuedEntry entry = entries.poll();
        if (entry != null) {
            weight -= entry.weight();
            String subject = entry.limitedSubject();
            if (subject != null) {
                bySubject.computeIfPresent(subject, (same, count) -> count == 1 ? null : count - 1);
            }
        }
        return entry;
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    synchronized long lost() {
        return lost;
    }
}
