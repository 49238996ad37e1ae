package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/** What every frame of one topic begins with, in both styles; made once a topic. Immutable. */
public final class TopicHead {
    private final String topic;
    private final byte[] envelope;
    private volatile byte @Nullable [] flat; // few brokers have clients that want it

    public TopicHead(String topic) {
        this.topic = topic;
        this.envelope = ("{\"action\":\"publish\",\"topic\":" + quoted() + ",\"data\":").getBytes(UTF_8);
    }

    private String quoted() {
        return new JsonWriter().string(topic).toString();
    }

    byte[] envelope() {
        return envelope;
    }

    byte[] flat() {
        byte[] made = flat;
        if (made == null) {
            made = ("{\"name\":" + quoted() + ",\"type\":").getBytes(UTF_8);
            flat = made;
        }
        return made;
    }
}
