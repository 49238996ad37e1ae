package io.github.robotstream.internal.protocol;

import java.nio.charset.StandardCharsets;

/** What every frame of one topic begins with, in both styles; made once a topic. */
public final class TopicHead {
    private final byte[] envelope;
    private final byte[] flat;

    /** The head of a topic's frames. */
    public TopicHead(String topic) {
        String quoted = JsonText.quote(topic);
        envelope = ascii("{\"action\":\"publish\",\"topic\":" + quoted + ",\"data\":");
        flat = ascii("{\"name\":" + quoted + ",\"type\":");
    }

    byte[] envelope() {
        return envelope;
    }

    byte[] flat() {
        return flat;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
