package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.spi.LogEntry;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A topic that robot code has declared for stopping the robot. Each stop and each release is logged with its sender. A stop by another sender
 * than the one before is logged too; a sender that repeats its stop is not. Broker thread.
 */
public final class StopTopic {
    private final TopicState topic;
    private final Envelope envelope;
    private final Predicate<String> stops;
    private final Consumer<LogEntry.Builder> log;
    private @Nullable Sender stoppedBy;

    /**
     * A topic on which nobody has stopped the robot yet.
     *
     * @param stops whether a value, valid JSON, stops the robot
     * @param log never blocks
     */
    StopTopic(TopicState topic, Predicate<String> stops, Consumer<LogEntry.Builder> log) {
        this.topic = topic;
        this.envelope = stopEnvelope(topic);
        this.stops = stops;
        this.log = log;
    }

    private static Envelope stopEnvelope(TopicState topic) {
        TopicState.Declaration declared = topic.declaration();
        if (declared == null) {
            throw new IllegalStateException(topic.name() + " is not declared");
        }
        return Envelope.ofValue(
                topic.head(), declared.payloadHead(), topic.stopValue().orElseThrow());
    }

    /** {@return the topic's name} */
    public String name() {
        return topic.name();
    }

    /**
     * {@return a message that stops the robot, to be routed}
     *
     * @param arrivedNanos when the sender's request had come, by the monotonic clock
     */
    public RoutedMessage message(Sender sender, long arrivedNanos) {
        return new RoutedMessage(topic, envelope, sender, arrivedNanos, null);
    }

    /** Takes note of a message of the topic that was just routed. */
    void routed(RoutedMessage message) {
        Sender sender = message.publisher();
        Sender before = stoppedBy;
        if (stops.test(message.envelope().valueJson())) {
            stoppedBy = sender;
            if (!sender.equals(before)) {
                tell(LogEntry.Level.WARN, "stopped", sender, " has stopped the robot on ");
            }
        } else if (before != null) {
            stoppedBy = null;
            tell(LogEntry.Level.INFO, "stop_released", sender, " has released the stop on ");
        }
    }

    private void tell(LogEntry.Level level, String event, Sender sender, String what) {
        LogEntry.Builder entry =
                LogEntry.of(level, event, sender + what + name()).topic(name());
        sender.session().ifPresent(session -> entry.client(session, sender.name()));
        log.accept(entry);
    }
}
