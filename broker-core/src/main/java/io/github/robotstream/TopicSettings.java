package io.github.robotstream;

import io.github.robotstream.internal.codec.JsonValue;
import io.github.robotstream.internal.settings.TopicOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Sets how the broker treats one topic. Not safe for use by several threads; a broker that has started is not changed.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .topic(CMD_VEL, topic -> topic.watchdog(Duration.ofMillis(200), new Twist(0, 0)).requireLease())
 *         .topic(BATTERY, topic -> topic.robotOnly().maxClientRate(10));
 * }</pre>
 *
 * @param <T> the Java type of the topic's values
 */
public final class TopicSettings<T> {
    private static final Duration SHORTEST_AGE = Duration.ofMillis(1);
    private static final Duration SHORTEST_SILENCE = Duration.ofMillis(10);
    private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

    private final Topic<T> topic;
    private final TopicOptions options;

    TopicSettings(Topic<T> topic, TopicOptions options) {
        this.topic = topic;
        this.options = options;
    }

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}. The same goes for a {@link Payload} of robot code.
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
     * Gives a command topic its safe value when commands stop coming: when none has come for so long, at once when the session that
     * commanded last has ended or its newer token does not allow it any more, and when the broker is closed or fails. Listeners, inputs and
     * subscribers get the value as a message of the robot's, once until the next command, and it is logged ({@code safe_value}). Commands
     * of robot code count as those of clients do.
     *
     * <p>Robot code gets it from a thread of its own that waits for nobody, also when the broker's other threads stand still. A listener
     * hears it before all that waits for it, after the call that it may be in; of an {@link Input} it is the newest value until the
     * next command, whatever its age. A command that is older than the silence that is allowed, or than the safe value, is not heard any
     * more. To robot code the value has the number 0.
     *
     * <p>This is a help against lost connections and programs that hang, and no safety function in the sense of ISO 13849 or IEC 61508:
     * a JVM can stand still, and a machine fail. What must stop a robot belongs into its drives, or into hardware.
     *
     * @param silence 10 milliseconds to 1 hour
     * @param safeValue what a robot does that nobody commands, as to stand still
     * @throws IllegalArgumentException if the topic is a state topic, the time is out of range, or the topic's codec does not write the
     *     value, or not read what it has written
     */
    public TopicSettings<T> watchdog(Duration silence, T safeValue) {
        Duration checked = Range.check("watchdog", silence, SHORTEST_SILENCE, LONGEST_SILENCE);
        requireCommand("watchdog(...)");
        options.safeValue = encoded("safe value", Objects.requireNonNull(safeValue, "safeValue"));
        options.watchdog = checked;
        return this;
    }

    private String encoded(String what, T value) {
        try {
            String json = topic.codec().encode(value);
            topic.codec().decode(json);
            return json;
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "the " + what + " " + value + " is not a value of " + topic
                            + ": its codec does not write and read it",
                    e);
        }
    }

    /**
     * How old a client's command may be when it arrives: between the {@code mono} that the client sends with it and the arrival. One that
     * is older is refused with {@code stale}, neither heard nor counted by the {@link #watchdog}; and so is one with a time that much
     * ahead. Commands without {@code mono} are taken, unless {@link #requireCommandTime} is set too. No limit unless set.
     *
     * @param age 1 millisecond to 1 hour
     * @throws IllegalArgumentException if the topic is a state topic, or the time is out of range
     */
    public TopicSettings<T> maxCommandAge(Duration age) {
        requireCommand("maxCommandAge(...)");
        options.maxCommandAge = Range.check("maxCommandAge", age, SHORTEST_AGE, LONGEST_SILENCE);
        return this;
    }

    /**
     * As {@link #maxCommandAge}, and commands without {@code mono} are refused with {@code bad_request}.
     *
     * @param maxAge 1 millisecond to 1 hour
     * @throws IllegalArgumentException if the topic is a state topic, or the time is out of range
     */
    public TopicSettings<T> requireCommandTime(Duration maxAge) {
        Objects.requireNonNull(maxAge, "maxAge");
        maxCommandAge(maxAge);
        options.commandTimeRequired = true;
        return this;
    }

    /**
     * Lets a client command alone. One that sends {@code acquire} holds the topic's lease, for as long as it says after its last message
     * there; meanwhile others are refused with {@code lease_held}. It ends with {@code release}, the session, or its right. Without a holder all
     * clients may publish that their tokens allow. Robot code always may, and has the lease by {@link RobotStreamBroker#lease}.
     */
    public TopicSettings<T> leased() {
        options.leased = true;
        return this;
    }

    /** As {@link #leased}, and a client that does not hold the lease is refused with {@code lease_required}. */
    public TopicSettings<T> requireLease() {
        options.leaseRequired = true;
        return leased();
    }

    /**
     * Declares a stop topic: a message with this value stops the robot, one with any other value releases the stop. Robot code acts on the
     * messages; the broker presents the topic. Every client whose token permits it can publish at any time, since nobody can hold a lease.
     * Clients learn the value from the topic's description, and show a stop button or offer a stop function. The broker logs each stop
     * ({@code stopped}, at WARN) and each release ({@code stop_released}) with the sender. The topic's {@link #priority} is high.
     *
     * <p>A stop topic is not a certified safety function. An emergency stop belongs in the drives or in hardware.
     *
     * @param value the value that stops the robot, for instance {@code true}; values are compared as JSON
     * @throws IllegalArgumentException if the topic is binary, or its codec does not write and read the value
     */
    public TopicSettings<T> stop(T value) {
        Objects.requireNonNull(value, "value");
        if (topic.isBinary()) {
            throw new IllegalArgumentException(topic
                    + " is a binary topic, whose values clients cannot compare: declare a stop topic of JSON values");
        }
        String json = encoded("stop value", value);
        options.stopValue = json;
        options.stops = new JsonValue(json)::isEqualTo;
        return priority(Priority.HIGH);
    }

    /** Throws if settings contradict each other. */
    void checkTogether() {
        boolean isStop = options.stopValue != null;
        if (isStop && options.leased) {
            throw new IllegalArgumentException(
                    topic + " is a stop topic, which no client can hold: remove leased() and requireLease()");
        }
        if (!options.retained && options.history.orElse(0) > 0) {
            throw new IllegalArgumentException(
                    topic + " is retained(false), so nothing of it is kept: remove history(...) or retained(false)");
        }
        if (options.robotOnly && (options.uncheckedFromClients || options.maxCommandAge != null)) {
            throw new IllegalArgumentException(topic
                    + " is robotOnly(), so no client publishes there: remove what is said about clients' messages");
        }
        if (options.robotOnly && (isStop || options.leased)) {
            throw new IllegalArgumentException(topic
                    + " is robotOnly(), so no client publishes there: remove stop(...), leased() and requireLease()");
        }
    }

    private void requireState(String setting) {
        if (topic.isCommand()) {
            throw new IllegalArgumentException(
                    topic + " is a command topic, whose messages are never kept: " + setting + " is for state topics");
        }
    }

    private void requireCommand(String setting) {
        if (!topic.isCommand()) {
            throw new IllegalArgumentException(topic + " is a state topic: " + setting + " is for command topics");
        }
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
     * As many as {@link Limits#history} says unless set. Their bytes count in {@link Limits#retainedBytes}.
     *
     * @throws IllegalArgumentException if the number is out of that range, or the topic is a command topic, which keeps none
     */
    public TopicSettings<T> history(int messages) {
        requireState("history(...)");
        options.history = OptionalInt.of((int) Range.check("history", messages, 0, Limits.MOST_HISTORY));
        return this;
    }

    /**
     * Whether the last value of a state topic is kept for those who subscribe later, and in the store; true unless set. Without it
     * {@link RobotStreamBroker#latest} knows no value of the topic either. An {@link Input} does: it keeps what it was given.
     *
     * @throws IllegalArgumentException if the topic is a command topic, which keeps no value in any case
     */
    public TopicSettings<T> retained(boolean value) {
        requireState("retained(...)");
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
