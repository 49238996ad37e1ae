package io.github.robotstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A topic's values for a loop that polls: nothing is called back, nothing waits. Safe for use by several threads.
 *
 * <pre>{@code
 * Input<Twist> commands = broker.input(CMD_VEL);
 * drive(commands.latestOr(new Twist(0, 0), Duration.ofMillis(500)));   // nobody commanded lately: stand still
 * commands.newest(Duration.ofMillis(500)).ifPresent(command -> display.show(command.sender() + " drives"));
 * }</pre>
 *
 * @param <T> the Java type of the values
 */
public interface Input<T> extends Subscription {
    /**
     * The newest value, if it is fresh.
     *
     * <p>Of a topic with a {@linkplain TopicSettings#watchdog watchdog} it is the safe value, whatever its age, from the moment on at which
     * nobody commands any more until the next command.
     *
     * @param fallback what to return when there is no value, or only an older one
     * @param maxAge how old the value may be, by the monotonic clock: since robot code called {@code publish}, or since the
     *     last bytes of a client's frame were read from its socket. How long the broker then took to come to it counts, so a
     *     command that had to wait is not fresh for that. How long the bytes lay in the kernel before, while a client that
     *     sends too fast was not read, does not: nobody can tell
     * @return the newest value or {@code fallback}
     */
    T latestOr(T fallback, Duration maxAge);

    /**
     * As {@link #latestOr}, with what the broker knows of the value.
     *
     * @param maxAge how old it may be
     * @return the newest value, or empty if there is none, or only an older one
     */
    Optional<Received<T>> newest(Duration maxAge);

    /**
     * Takes all values that have come since the last call, oldest first.
     *
     * @return the values, empty if none came; at most as many as the queue holds
     */
    List<T> drain();

    /** As {@link #drain}, with what the broker knows of each value. */
    List<Received<T>> drainReceived();
}
