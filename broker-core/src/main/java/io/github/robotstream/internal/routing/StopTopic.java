package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.spi.LogEntry;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Logs each stop of the robot on a topic that robot code has declared for it, and each release. A stop by another sender than the one before
 * is logged too; a sender that repeats its stop is not. Broker thread.
 */
public final class StopTopic {
    private final String topic;
    private final Predicate<String> stops;
    private final Consumer<LogEntry.Builder> log;
    private @Nullable Sender stoppedBy;

    /**
     * The state of a topic on which nobody has stopped the robot yet.
     *
     * @param stops whether a value, valid JSON, stops the robot
     * @param log never blocks
     */
    StopTopic(String topic, Predicate<String> stops, Consumer<LogEntry.Builder> log) {
        this.topic = topic;
        this.stops = stops;
        this.log = log;
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
                LogEntry.of(level, event, sender + what + topic).topic(topic);
        sender.session().ifPresent(session -> entry.client(session, sender.name()));
        log.accept(entry);
    }
}
