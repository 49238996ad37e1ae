package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import java.util.Optional;

/**
 * What a client is told beside a message.
 *
 * @param sub the name of the subscription, if it has one
 * @param numbers the numbers and times, if they were asked for
 */
public record DeliveryNote(Optional<String> sub, Optional<Numbers> numbers) {
    /**
     * A message's numbers and times, see docs/protocol.md.
     *
     * @param wallMicros since 1970
     * @param monoMicros since the broker started
     * @param dropped lost by this subscription since its previous message
     * @param skipped left out since then, as it asked
     * @param isCommand whether its topic is a command topic
     */
    public record Numbers(
            long sequence,
            String epoch,
            long wallMicros,
            long monoMicros,
            long dropped,
            long skipped,
            boolean retained,
            String from,
            boolean isCommand) {}

    /** How long its members may be beside names of subscriptions and publishers. */
    public static final int MOST_BYTES = 512;

    /** {@return its members, to be written behind others of the same object, and the end of that} */
    byte[] toTail() {
        JsonWriter out = new JsonWriter();
        sub.ifPresent(name -> out.raw(",\"sub\":").string(name));
        numbers.ifPresent(known -> {
            out.raw(",\"seq\":").number(known.sequence);
            out.key("epoch").string(known.epoch);
            out.key("ts").number(known.wallMicros);
            out.key("mono").number(known.monoMicros);
            out.key("dropped").number(known.dropped);
            out.key("skipped").number(known.skipped);
            out.key("retained").bool(known.retained);
            out.key("from").string(known.from);
            if (known.isCommand) {
                out.key("kind").string("command");
            }
        });
        return out.endObject().toBytes();
    }
}
