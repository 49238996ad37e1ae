package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A record of {@code server_logs} as a message of the schema {@code foxglove.Log}: its name is the event, its message all else. */
final class LogRecord {
    static final String SCHEMA = "{\"type\":\"object\",\"properties\":{"
            + "\"timestamp\":{\"type\":\"object\",\"properties\":{\"sec\":{\"type\":\"integer\"},\"nsec\":{\"type\":\"integer\"}}},"
            + "\"level\":{\"type\":\"integer\"},\"message\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
            + "\"file\":{\"type\":\"string\"},\"line\":{\"type\":\"integer\"}}}";

    private static final int DEBUG = 1;
    private static final int INFO = 2;
    private static final int WARNING = 3;
    private static final int ERROR = 4;

    private LogRecord() {}

    /**
     * {@return a record in its other form}
     *
     * @param wallMicros when it was published, since 1970
     */
    static byte[] of(OutboundMessage record, long wallMicros) {
        JsonScan scan = new JsonScan();
        try {
            scan.read(record.body(), 0, record.bodyLength());
        } catch (JsonException e) {
            throw new IllegalStateException("the broker's own record is no JSON", e);
        }
        long seconds = TimeUnit.MICROSECONDS.toSeconds(wallMicros);
        JsonWriter out = new JsonWriter().beginObject().key("timestamp").beginObject();
        out.key("sec").number(seconds);
        out.key("nsec").number(TimeUnit.MICROSECONDS.toNanos(wallMicros - TimeUnit.SECONDS.toMicros(seconds)));
        out.endObject();
        out.key("level").number(level(text(scan, "level")));
        out.key("message").string(text(scan, "message") + others(scan, record.body()));
        out.key("name").string(text(scan, "event"));
        out.key("file").string("");
        out.key("line").number(0);
        return out.endObject().toBytes();
    }

    private static String text(JsonScan scan, String key) {
        int member = scan.member(JsonScan.ROOT, key);
        return member == JsonScan.ABSENT ? "" : scan.text(member);
    }

    private static int level(String word) {
        return switch (word) {
            case "TRACE", "DEBUG" -> DEBUG;
            case "WARN" -> WARNING;
            case "ERROR" -> ERROR;
            default -> INFO;
        };
    }

    /** Which client, which topic and what particulars, as JSON has them. */
    private static String others(JsonScan scan, byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (String key : new String[] {"client", "subject", "topic", "attrs"}) {
            int member = scan.member(JsonScan.ROOT, key);
            if (member != JsonScan.ABSENT) {
                int start = scan.valueStart(member);
                String json = new String(bytes, start, scan.valueEnd(member) - start, StandardCharsets.UTF_8);
                out.append(' ').append(key).append('=').append(json);
            }
        }
        return out.toString();
    }
}
