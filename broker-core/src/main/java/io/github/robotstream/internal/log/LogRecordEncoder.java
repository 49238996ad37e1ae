package io.github.robotstream.internal.log;

import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.spi.LogEntry;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Encodes an entry as the JSON object in {@code data} of a message on {@code server_logs}, within bounds: long texts end in an ellipsis, and
 * attributes beyond the first 32, or with a name of more than 500 characters, are left out and counted in {@code omitted}. The time is
 * RFC 3339 with milliseconds, the severity that of the OpenTelemetry log data model. The detail is for sinks alone.
 */
public final class LogRecordEncoder {
    static final int MAX_MESSAGE = 2_000;
    /** The longest attribute value, event, name and so on. */
    static final int MAX_TEXT = 500;

    static final int MAX_ATTRIBUTES = 32;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private LogRecordEncoder() {}

    /** One JSON object in one line, without control characters and without halves of surrogate pairs. */
    public static String encode(LogEntry entry) {
        return members(entry).endObject().toString();
    }

    /** The same for a sink. */
    public static String encodeWithDetail(LogEntry entry) {
        JsonWriter json = members(entry);
        entry.detail().ifPresent(detail -> json.key("detail").string(detail, MAX_MESSAGE));
        return json.endObject().toString();
    }

    private static JsonWriter members(LogEntry entry) {
        JsonWriter json = new JsonWriter().beginObject();
        text(json, "time", TIME.format(entry.time()));
        text(json, "level", entry.level().name());
        json.key("severity").number(entry.level().severity());
        text(json, "event", entry.event());
        json.key("message").string(entry.message(), MAX_MESSAGE);
        entry.client().ifPresent(client -> text(json, "client", client));
        entry.subject().ifPresent(subject -> text(json, "subject", subject));
        entry.topic().ifPresent(topic -> text(json, "topic", topic));
        if (!entry.attributes().isEmpty()) {
            attributes(json, entry.attributes());
        }
        return json;
    }

    private static void text(JsonWriter json, String key, String value) {
        json.key(key).string(value, MAX_TEXT);
    }

    private static void attributes(JsonWriter json, Map<String, Object> attributes) {
        int written = 0;
        json.key("attrs").beginObject();
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            // A name that is cut could be equal to another one.
            if (written < MAX_ATTRIBUTES && attribute.getKey().length() <= MAX_TEXT) {
                written++;
                value(json.key(attribute.getKey()), attribute.getValue());
            }
        }
        json.endObject();
        if (written < attributes.size()) {
            json.key("omitted").number(attributes.size() - written);
        }
    }

    private static void value(JsonWriter json, Object value) {
        if (value instanceof Boolean) {
            json.raw(value.toString());
        } else if (value instanceof Number number) {
            json.raw(number(number));
        } else {
            json.string(value.toString(), MAX_TEXT);
        }
    }

    /** An entry holds short numbers of the JDK's classes alone, whose text is a JSON number unless they are not finite. */
    private static String number(Number number) {
        boolean isFinite =
                !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
        return isFinite ? number.toString() : "null";
    }
}
