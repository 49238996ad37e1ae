package io.github.robotstream;

import java.util.Map;

/** Sets how the broker treats one topic. Not safe for use by several threads; a broker that has started is not changed. */
public final class TopicSettings {
    private final Map<Topic<?>, Boolean> unchecked;
    private final Topic<?> topic;

    TopicSettings(Map<Topic<?>, Boolean> unchecked, Topic<?> topic) {
        this.unchecked = unchecked;
        this.topic = topic;
    }

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}.
     */
    public TopicSettings uncheckedFromClients() {
        unchecked.put(topic, true);
        return this;
    }
}
