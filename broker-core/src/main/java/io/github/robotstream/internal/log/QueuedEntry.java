package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A log entry, whether the sink gets it or {@code server_logs} alone, and roughly how many characters it holds. */
record QueuedEntry(LogEntry entry, boolean toSink, long weight) {
    private static final int ATTRIBUTE_WEIGHT = 16; // a number, or what a map keeps beside a text

    QueuedEntry(LogEntry entry, boolean toSink) {
        this(entry, toSink, weigh(entry));
    }

    private static long weigh(LogEntry entry) {
        long sum = (long) entry.event().length()
                + entry.message().length()
                + entry.client().map(String::length).orElse(0)
                + entry.subject().map(String::length).orElse(0)
                + entry.topic().map(String::length).orElse(0)
                + entry.detail().map(String::length).orElse(0);
        for (Map.Entry<String, Object> attribute : entry.attributes().entrySet()) {
            sum += ATTRIBUTE_WEIGHT + attribute.getKey().length();
            if (attribute.getValue() instanceof String text) {
                sum += text.length();
            }
        }
        return sum;
    }

    /** The subject whose clients caused it, or null for an entry of robot code, or about no client. */
    @Nullable
    String limitedSubject() {
        return entry.isFromRobot() ? null : entry.subject().orElse(null);
    }

    /** An attribute, or {@code otherwise} if it is missing or no whole number. */
    long whole(String attribute, long otherwise) {
        Object value = entry.attributes().get(attribute);
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte
                ? ((Number) value).longValue()
                : otherwise;
    }
}
