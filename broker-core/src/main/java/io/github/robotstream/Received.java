package io.github.robotstream;

import java.time.Duration;
import java.util.Objects;

/**
 * A value with what the broker knows of it: who is driving, and how fresh that is.
 *
 * <pre>{@code
 * broker.subscribeReceived(CMD_VEL, command -> {
 *     log.info("{} drives at {}, {} ms ago", command.publisher(), command.value(), command.age().toMillis());
 *     drive(command.value());
 * });
 * }</pre>
 *
 * @param <T> the Java type of the value
 * @param value the value
 * @param publisher who published it
 * @param sequence the message's number in its topic, as {@link Message#sequence}; 0 for the safe value of a
 *     {@linkplain TopicSettings#watchdog watchdog}
 * @param age how old it was when robot code was given it, as {@link Input#latestOr} counts
 */
public record Received<T>(T value, Publisher publisher, long sequence, Duration age) {
    /** Refuses null. */
    public Received {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(publisher, "publisher");
        Objects.requireNonNull(age, "age");
    }
}
