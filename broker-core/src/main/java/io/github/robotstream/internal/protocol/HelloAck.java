package io.github.robotstream.internal.protocol;

import io.github.robotstream.RequestRate;
import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.settings.Settings;
import java.time.Duration;
import java.time.Instant;
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
        Settings settings,
        int frameBytes,
        RequestRate rate) {
    private static final int PROTOCOL = 1;

    /** The frame. */
    public byte[] toFrame(RequestId id) {
        JsonWriter out = FrameEncoder.ack(id);
        out.key("protocol").number(PROTOCOL);
        out.key("broker").string(broker);
        out.key("session").string(session);
        out.key("subject").string(subject);
        out.key("epoch").string(epoch);
        FrameEncoder.clocks(out, wall, running);
        left.ifPresent(time -> out.key("expires_in_ms").number(time.toMillis()));
        out.key("limits").beginObject();
        out.key("message_bytes").number(settings.messageBytes);
        out.key("frame_bytes").number(frameBytes);
        out.key("requests_per_second").number(rate.requestsPerSecond());
        out.key("requests_at_once").number(rate.burst());
        out.key("bytes_per_second").number(rate.bytesPerSecond());
        out.key("subscriptions").number(settings.subscriptionsPerSession);
        out.key("new_topics").number(settings.newTopicsPerSession);
        out.endObject();
        out.key("capabilities").raw(Action.wordList());
        return out.endObject().toBytes();
    }
}
