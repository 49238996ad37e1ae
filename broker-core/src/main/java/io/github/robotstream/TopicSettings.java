package io.github.robotstream;

import io.github.robotstream.internal.settings.TopicOptions;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Sets how the broker treats one topic. Not safe for use by several threads; a broker that has started is not changed.
 *
 * @param <T> the Java type of the topic's values
 */
public final class TopicSettings<T> {
    private final Topic<T> topic;
    private final TopicOptions options;

    TopicSettings(Topic<T> topic, TopicOptions options) {
        this.topic = topic;
        this.options = options;
    }

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}.
     */
    public TopicSettings<T> uncheckedFromClients() {
        options.uncheckedFromClients = true;
        return this;
    }

    /**
     * Lets robot code alone publish on the topic: a client's message there is refused with {@code forbidden}, whatever its token allows. For
     * what the robot measures or decides, as its pose: the rights of a token that was made for a whole fleet are often wider than that.
     */
    public TopicSettings<T> robotOnly() {
        options.robotOnly = true;
        return this;
    }

    /**
     * Which messages go first where several wait for one client; {@link Priority#NORMAL} unless set. The topic's own messages stay in
     * order. One with {@link Priority#HIGH} waits for the frame that is being written and for what the system's buffers hold, and for nothing
     * else; where a client's queue is full, messages of lower priority give way first.
     */
    public TopicSettings<T> priority(Priority priority) {
        options.priority = Objects.requireNonNull(priority, "priority");
        return this;
    }

    /**
     * How many of the topic's last messages are kept in memory, 0 to 10,000, for clients that were away and for those that ask for its history.
     * As many as {@link Limits#history} says unless set. Their bytes count in {@link Limits#retainedBytes}. A command topic keeps none.
     */
    public TopicSettings<T> history(int messages) {
        options.history = OptionalInt.of((int) Range.check("history", messages, 0, Limits.MOST_HISTORY));
        return this;
    }

    /**
     * Whether the last value of a state topic is kept for those who subscribe later, and in the store; true unless set. Without it
     * {@link RobotStreamBroker#latest} knows no value of the topic either. An {@link Input} does: it keeps what it was given.
     *
     * @throws IllegalArgumentException if it is true, and the topic a command topic
     */
    public TopicSettings<T> retained(boolean value) {
        if (value && topic.isCommand()) {
            throw new IllegalArgumentException(
                    topic + " is a command topic, whose messages are never kept: retained(true) is for state topics");
        }
        options.retained = value;
        return this;
    }

    /**
     * The most messages of the topic a second that a client's subscription is sent, 0.01 to 10,000; no limit unless set. Clients may ask for
     * less with {@code rate_hz}, and not for more. Of what comes faster the newest is held back until it is due, and so the last value always
     * arrives; what it replaces is counted as {@link BrokerStats#skipped() skipped}. Listeners and inputs of robot code get everything.
     */
    public TopicSettings<T> maxClientRate(double hz) {
        options.maxClientHz = Range.checkRate("maxClientRate", hz);
        return this;
    }
}
