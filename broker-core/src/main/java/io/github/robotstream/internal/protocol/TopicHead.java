package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;

/** What every frame of one topic begins with, in both styles; made once a topic. Immutable. */
public final class TopicHead {
    private final byte[] envelope;
    private final byte[] flat;

    /** The head of a topic's frames. */
    public TopicHead(String topic) {
        envelope = new JsonWriter()
                .beginObject()
                .key("action")
                .string("publish")
                .key("topic")
                .string(topic)
                .key("data")
                .toBytes();
        flat = new JsonWriter()
                .beginObject()
                .key("name")
                .string(topic)
                .key("type")
                .toBytes();
    }

    byte[] envelope() {
        return envelope;
    }

    byte[] flat() {
        return flat;
    }
}
