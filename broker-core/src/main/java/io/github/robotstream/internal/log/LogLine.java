package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;

/** An entry on its way, and whether it may go to the sink or to {@code server_logs} alone. */
record LogLine(LogEntry entry, boolean toSink) {
    /** Roughly how many characters it holds. */
    long weight() {
        long sum = (long) entry.event().length()
                + entry.message().length()
                + entry.detail().map(String::length).orElse(0);
        for (Object value : entry.attributes().values()) {
            if (value instanceof String text) {
                sum += text.length();
            }
        }
        return sum;
    }
}
