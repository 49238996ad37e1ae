package io.github.robotstream;

import io.github.robotstream.internal.settings.TopicOptions;
import java.util.Objects;
import java.util.OptionalInt;

/** Sets how the broker treats one topic. Not safe for use by several threads; a broker that has started is not changed. */
public final class TopicSettings {
    private final TopicOptions options;

    TopicSettings(TopicOptions options) {
        this.options = options;
    }

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}.
     */
    public TopicSettings uncheckedFromClients() {
        options.uncheckedFromClients = true;
        return this;
    }

    /**
     * Which messages go first where several wait for one client; {@link Priority#NORMAL} unless set. The topic's own messages stay in
     * order. One with {@link Priority#HIGH} waits for the frame that is being written and for what the system's buffers hold, and for nothing
     * else; where a client's queue is full, messages of lower priority give way first.
     */
    public TopicSettings priority(Priority priority) {
        options.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * How many of the topic's last messages are kept in memory, 0 to 10,000, for clients that were away and for those that ask for its history.
     * As many as {@link Limits#history} says unless set. Their bytes count in {@link Limits#retainedBytes}. A command topic keeps none.
     */
    public TopicSettings history(int messages) {
        options.history = OptionalInt.of((int) Range.check("history", messages, 0, Limits.MOST_HISTORY));
        return this;
    }
}
