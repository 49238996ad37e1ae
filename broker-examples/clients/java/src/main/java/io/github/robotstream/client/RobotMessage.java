package io.github.robotstream.client;

import java.time.Duration;

/**
 * A message of a topic.
 *
 * <pre>{@code
 * try (ClientSubscription<Double> battery = robot.subscribe(BATTERY)) {
 *     for (RobotMessage<Double> message : battery) {
 *         display.show(message.value() + " V, " + message.age().toMillis() + " ms old, " + message.dropped() + " lost");
 *     }
 * }
 * }</pre>
 *
 * @param value what the topic's codec made of it
 * @param type the word for what the value is, or its media type
 * @param position its number, and the epoch of the numbers
 * @param ts when the broker took it, microseconds since 1970 by the robot's wall clock, which may step
 * @param mono when it was published, microseconds since the broker started, which never step
 * @param dropped how many messages the subscription has lost since its previous one, on the robot, here, or while there was no
 *     connection
 * @param skipped how many were left out since then as it asked; that is no loss
 * @param gap whether an unknown number was lost before it: the topic's numbers began anew while there was no connection
 * @param retained whether it was published before the subscription
 * @param publisher who published it; {@code robot} for the robot's own code
 * @param command whether its topic is a command topic
 * @param <T> the type of the topic's values
 */
public record RobotMessage<T>(
        String topic,
        T value,
        String type,
        Position position,
        long ts,
        long mono,
        long dropped,
        long skipped,
        boolean gap,
        boolean retained,
        String publisher,
        boolean command,
        AgeClock clock) {

    /** The robot's clock as the client reckons it; see {@link RobotMessage#age}. */
    @FunctionalInterface
    public interface AgeClock {
        /** {@return microseconds since the broker started} */
        long mono();
    }

    /** {@return how old the value is now, by the robot's clock that never steps; it grows while one holds it} */
    public Duration age() {
        return Duration.ofNanos(1000 * Math.max(0, clock.mono() - mono));
    }

    <U> RobotMessage<U> with(U other) {
        return new RobotMessage<>(
                topic, other, type, position, ts, mono, dropped, skipped, gap, retained, publisher, command, clock);
    }

    RobotMessage<T> with(long nowDropped, long nowSkipped, boolean nowGap) {
        return new RobotMessage<>(
                topic,
                value,
                type,
                position,
                ts,
                mono,
                nowDropped,
                nowSkipped,
                nowGap,
                retained,
                publisher,
                command,
                clock);
    }
}
