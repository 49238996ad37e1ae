package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What the broker says to a hello; {@code left} is how long until the session ends with its token, if it does. Immutable. */
public record HelloAck(
        String broker,
        String session,
        String subject,
        String epoch,
        Instant wall,
        Duration running,
        Optional<Duration> left,
        Bounds bounds) {
    private static final int PROTOCOL = 1;

    /** What the session is allowed. */
    public record Bounds(
            int messageBytes,
            int frameBytes,
            int requestsPerSecond,
            int requestsAtOnce,
            int bytesPerSecond,
            int subscriptions,
            int newTopics) {
        private void writeTo(JsonWriter out) {
            out.beginObject().key("message_bytes").number(messageBytes);
            out.key("frame_bytes").number(frameBytes);
            out.key("requests_per_second").number(requestsPerSecond);
            out.key("requests_at_once").number(requestsAtOnce);
            out.key("bytes_per_second").number(bytesPerSecond);
            out.key("subscriptions").number(subscriptions);
            out.key("new_topics").number(newTopics).endObject();
        }
    }

    /** The frame. */
    public byte[] toFrame(RequestId id) {
        JsonWriter out = FrameEncoder.ack(id);
        out.key("protocol").number(PROTOCOL);
        out.key("broker").string(broker);
        out.key("session").string(session);
        out.key("subject").string(subject);
        out.key("epoch").string(epoch);
        out.key("ts").number(ChronoUnit.MICROS.between(Instant.EPOCH, wall));
        out.key("mono").number(running.toNanos() / 1_000);
        left.ifPresent(time -> out.key("expires_in_ms").number(time.toMillis()));
        bounds.writeTo(out.key("limits"));
        out.key("capabilities").raw(Action.wordList());
        return out.endObject().toBytes();
    }
}
