package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonWriter;

/** What every frame of one topic begins with, in both styles; made once a topic. Immutable. */
public final class TopicHead {
    private final byte[] envelope;
    private final byte[] flat;

    public TopicHead(String topic) {
        String quoted = new JsonWriter().string(topic).toString();
        envelope = ("{\"action\":\"publish\",\"topic\":" + quoted + ",\"data\":").getBytes(UTF_8);
        flat = ("{\"name\":" + quoted + ",\"type\":").getBytes(UTF_8);
    }

    byte[] envelope() {
        return envelope;
    }

    byte[] flat() {
        return flat;
    }
}
