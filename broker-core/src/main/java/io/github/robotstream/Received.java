package io.github.robotstream;

import java.time.Duration;
import java.util.Objects;

/**
 * A value with what the broker knows about it: who sent it, and how fresh it is.
 *
 * <pre>{@code
 * broker.subscribeReceived(CMD_VEL, command -> {
 *     log.info("{} drives at {}, {} ms ago", command.sender(), command.value(), command.age().toMillis());
 *     drive(command.value());
 * });
 * }</pre>
 *
 * @param <T> the Java type of the value
 * @param value the value
 * @param sender the session or robot code that published the value
 * @param sequence the message's number in its topic, as in {@link Message#sequence}; 0 for the safe value of a
 *     {@linkplain TopicSettings#watchdog watchdog}
 * @param age how old the value was when robot code received it, counted as by {@link Input#latestOr}
 */
public record Received<T>(T value, Sender sender, long sequence, Duration age) {
    /** Refuses null. */
    public Received {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(age, "age");
    }
}
