package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import java.util.List;
import java.util.Optional;

/**
 * The member {@code options} of a subscribe request: those that the broker knows, the others are passed over. In an ack
 * it holds what is in effect.
 *
 * @param retained whether the retained value is wanted; unless said, it comes with the first subscribe only
 * @param minLevel the lowest level of log entries that is wanted, one of {@link #LEVELS}
 */
public record SubscribeOptions(Optional<Boolean> retained, Optional<String> minLevel) {
    /** Nothing said. */
    public static final SubscribeOptions NONE = new SubscribeOptions(Optional.empty(), Optional.empty());

    /** The levels of {@code server_logs}, the least grave first. */
    public static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

    static SubscribeOptions read(RequestDecoder fields) throws RequestRejectedException {
        int options = fields.object("options");
        if (options == JsonScan.ABSENT) {
            return NONE;
        }
        Optional<String> minLevel = fields.text(options, "min_level");
        if (minLevel.isPresent() && !LEVELS.contains(minLevel.get())) {
            throw fields.badRequest("\"min_level\" is \"" + JsonErrors.excerpt(minLevel.get())
                    + "\"; it has to be one of " + String.join(", ", LEVELS));
        }
        return new SubscribeOptions(fields.flag(options, "retained"), minLevel);
    }

    /** Writes them as an object; what is not said is absent. */
    void writeTo(JsonWriter out) {
        out.beginObject();
        retained.ifPresent(wanted -> out.key("retained").bool(wanted));
        minLevel.ifPresent(level -> out.key("min_level").string(level));
        out.endObject();
    }
}
