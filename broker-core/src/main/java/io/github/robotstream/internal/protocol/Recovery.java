package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import java.util.Optional;

/**
 * What an ack tells of a topic for which a position was given.
 *
 * @param topic its name
 * @param recovered whether all that came after the position is kept, and is sent
 * @param replayed how many numbers these are
 * @param present where the topic stands; empty if it has had no message
 * @param oldest the number of the oldest message that is kept, where it was not recovered and there is one
 */
public record Recovery(
        String topic, boolean recovered, long replayed, Optional<Position> present, Optional<Long> oldest) {
    void writeTo(JsonWriter out) {
        out.key("recovered").bool(recovered);
        if (recovered) {
            out.key("replayed").number(replayed);
        }
        oldest.ifPresent(number -> out.key("oldest").number(number));
        present.ifPresent(position -> {
            out.key("epoch").string(position.epoch());
            out.key("seq").number(position.sequence());
        });
    }
}
