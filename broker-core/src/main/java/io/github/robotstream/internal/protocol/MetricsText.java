package io.github.robotstream.internal.protocol;

import java.util.Locale;

/** Writes numbers in the text format of Prometheus, version 0.0.4. Each name stands once, before its values. Not thread-safe. */
public final class MetricsText {
    /** The media type. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PREFIX = "robotstream_";
    private static final double NANOS_A_SECOND = 1e9;

    private final StringBuilder text = new StringBuilder();
    private String name = "";

    /** Begins a number that only grows; its name ends with {@code _total}. */
    public MetricsText counter(String shortName, String help) {
        return begin(shortName, "counter", help);
    }

    /** Begins a number that rises and falls. */
    public MetricsText gauge(String shortName, String help) {
        return begin(shortName, "gauge", help);
    }

    private MetricsText begin(String shortName, String kind, String help) {
        name = PREFIX + shortName;
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
        return this;
    }

    /**
     * A value of the name that was begun last.
     *
     * @param labels names and values in turn; values are escaped
     */
    public MetricsText value(long value, String... labels) {
        return line(Long.toString(value), labels);
    }

    /** The same for a time, in seconds. */
    public MetricsText seconds(long nanos, String... labels) {
        return line(String.format(Locale.ROOT, "%.6f", nanos / NANOS_A_SECOND), labels);
    }

    private MetricsText line(String value, String... labels) {
        text.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1]);
            text.append('"');
        }
        text.append(labels.length > 0 ? "} " : " ").append(value).append('\n');
        return this;
    }

    private void escape(String value) {
        value.chars().forEach(c -> {
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append((char) c);
            }
        });
    }

    /** {@return all that was written} */
    @Override
    public String toString() {
        return text.toString();
    }
}
