package io.github.robotstream.internal.protocol;

import io.github.robotstream.Limits;
import io.github.robotstream.RequestRate;
import io.github.robotstream.internal.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the broker says to a hello: what it is, what the session is, what time it is. Immutable.
 *
 * @param epoch of this run of the broker
 * @param wall the time of day
 * @param running how long the broker runs
 * @param left how long until the session ends with its token, if it does
 * @param frameBytes the largest frame that is sent
 * @param rate how fast the client may ask
 */
public record HelloAck(
        String broker,
        String session,
        String subject,
        String epoch,
        Instant wall,
        Duration running,
        Optional<Duration> left,
        Limits limits,
        int frameBytes,
        RequestRate rate) {
    private static final int PROTOCOL = 1;

    /** The frame. */
    public byte[] toFrame(RequestId id) {
        JsonWriter out = new JsonWriter().beginObject().key("action").string("ack");
        id.writeTo(out.key("id"));
        out.key("protocol").number(PROTOCOL);
        out.key("broker").string(broker);
        out.key("session").string(session);
        out.key("subject").string(subject);
        out.key("epoch").string(epoch);
        out.key("ts").number(ChronoUnit.MICROS.between(Instant.EPOCH, wall));
        out.key("mono").number(running.toNanos() / 1_000);
        left.ifPresent(time -> out.key("expires_in_ms").number(time.toMillis()));
        out.key("limits").beginObject();
        out.key("message_bytes").number(limits.messageBytes());
        out.key("frame_bytes").number(frameBytes);
        out.key("requests_per_second").number(rate.requestsPerSecond());
        out.key("requests_at_once").number(rate.burst());
        out.key("bytes_per_second").number(rate.bytesPerSecond());
        out.key("subscriptions").number(limits.subscriptionsPerSession());
        out.key("new_topics").number(limits.newTopicsPerSession());
        out.endObject();
        out.key("capabilities").raw(Action.wordList());
        return out.endObject().toBytes();
    }
}
