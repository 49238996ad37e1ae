package io.github.robotstream.file;

import io.github.robotstream.TopicFilter;
import java.util.Map;

/**
 * What is set of a store.
 *
 * @param retention for topics that no filter of {@code retentions} matches; of these the first that matches counts
 */
record StoreSettings(
        long syncNanos,
        long syncBytes,
        long maxBytes,
        int segmentBytes,
        Retention retention,
        Map<TopicFilter, Retention> retentions) {
    /** How much of a topic is kept: at least so many bytes, but nothing that is older than so many seconds with all beside it. */
    record Retention(long bytes, long seconds) {}

    Retention retentionOf(String topic) {
        return retentions.entrySet().stream()
                .filter(entry -> entry.getKey().matches(topic))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(retention);
    }
}
