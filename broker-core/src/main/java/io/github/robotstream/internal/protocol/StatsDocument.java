package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The value of the topic {@code $stats}: what has happened since the broker's start.
 *
 * @param running how long that is ago
 * @param numbers by their names on the wire, in their order there
 * @param dropped deliveries that were lost, by cause
 */
public record StatsDocument(Instant wall, Duration running, Map<String, Long> numbers, Map<String, Long> dropped) {
    /** The JSON text. */
    public String toJson() {
        JsonWriter out = FrameEncoder.clocks(new JsonWriter().beginObject(), wall, running);
        numbers.forEach((name, number) -> out.key(name).number(number));
        out.key("dropped").beginObject();
        dropped.forEach((cause, number) -> out.key(cause).number(number));
        return out.endObject().endObject().toString();
    }
}
