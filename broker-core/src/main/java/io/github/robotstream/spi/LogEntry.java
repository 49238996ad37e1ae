package io.github.robotstream.spi;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the broker, or that robot code wants told. Immutable; holds no secret.
 *
 * <pre>{@code
 * broker.log(LogEntry.of(LogEntry.Level.WARN, "motor_hot", "the left motor is hot")
 *         .attribute("celsius", 91.5)
 *         .topic("motors/left"));
 * }</pre>
 */
public final class LogEntry {
    /** How grave it is, with the severity numbers of the OpenTelemetry log data model. */
    public enum Level {
        /** Finest detail. */
        TRACE(1),
        /** Detail for developers. */
        DEBUG(5),
        /** What normally happens. */
        INFO(9),
        /** Something is not as it should be and goes on. */
        WARN(13),
        /** Something failed. */
        ERROR(17);

        private final int severity;

        Level(int severity) {
            this.severity = severity;
        }

        /** {@return the severity number, 1 to 17} */
        public int severity() {
            return severity;
        }
    }

    private final Instant time;
    private final Level level;
    private final boolean fromRobot;
    private final String event;
    private final String message;
    private final Optional<String> client;
    private final Optional<String> subject;
    private final Optional<String> topic;
    private final Map<String, Object> attributes;
    private final Optional<String> detail;

    private LogEntry(Builder builder, Instant time) {
        this.time = time;
        this.level = builder.level;
        this.fromRobot = builder.fromRobot;
        this.event = builder.event;
        this.message = builder.message;
        this.client = Optional.ofNullable(builder.client);
        this.subject = Optional.ofNullable(builder.subject);
        this.topic = Optional.ofNullable(builder.topic);
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(builder.attributes));
        this.detail = Optional.ofNullable(builder.detail);
    }

    /**
     * Begins an entry.
     *
     * @param level how grave it is
     * @param event a word for the kind of thing that happened, for instance {@code docked}
     * @param message what happened, for people; without secrets
     * @return a builder
     */
    public static Builder of(Level level, String event, String message) {
        return new Builder(level, event, message);
    }

    /** {@return when it happened, by the wall clock} */
    public Instant time() {
        return time;
    }

    /** {@return how grave it is} */
    public Level level() {
        return level;
    }

    /** {@return whether robot code wrote it, by {@code RobotStreamBroker.log}, and not the broker} */
    public boolean isFromRobot() {
        return fromRobot;
    }

    /** {@return the kind of thing that happened, a word, for instance {@code client_connected}} */
    public String event() {
        return event;
    }

    /** {@return what happened, for people} */
    public String message() {
        return message;
    }

    /** {@return the id of the session that it is about, if it is about one} */
    public Optional<String> client() {
        return client;
    }

    /** {@return the name of that session's principal, if it is about one} */
    public Optional<String> subject() {
        return subject;
    }

    /** {@return the name of the topic that it is about, if it is about one} */
    public Optional<String> topic() {
        return topic;
    }

    /**
     * {@return further particulars by name} Each value is a String, a Boolean, or a Byte, Short, Integer, Long, Float, Double,
     * BigInteger or BigDecimal of at most about a hundred digits.
     */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /**
     * {@return a sentence for the robot's own people alone, if there is more to say} For instance how a token that was refused
     * should have been. Sinks get it; the topic {@code server_logs}, which clients may read, does not.
     */
    public Optional<String> detail() {
        return detail;
    }

    @Override
    public String toString() {
        return "LogEntry[" + time + " " + level + " " + event + ": " + message + "]";
    }

    /** Puts an entry together. Not safe for use by several threads. */
    public static final class Builder {
        private final Level level;
        private final String event;
        private final String message;
        private final Map<String, Object> attributes = new LinkedHashMap<>();
        private boolean fromRobot;
        private @Nullable String client;
        private @Nullable String subject;
        private @Nullable String topic;
        private @Nullable String detail;

        private Builder(Level level, String event, String message) {
            this.level = Objects.requireNonNull(level, "level");
            this.event = Objects.requireNonNull(event, "event");
            this.message = Objects.requireNonNull(message, "message");
        }

        /**
         * Says that robot code writes it. {@code RobotStreamBroker.log} says so of all that it is given; a test of a {@link LogSink} says it
         * itself.
         *
         * @return this
         */
        public Builder fromRobot() {
            fromRobot = true;
            return this;
        }

        /**
         * Says which session it is about.
         *
         * @param sessionId the session's id
         * @param principal the name of its principal
         * @return this
         */
        public Builder client(String sessionId, String principal) {
            Objects.requireNonNull(sessionId, "sessionId");
            Objects.requireNonNull(principal, "principal");
            client = sessionId;
            subject = principal;
            return this;
        }

        /**
         * Says which topic it is about.
         *
         * @param name the topic's name
         * @return this
         */
        public Builder topic(String name) {
            Objects.requireNonNull(name, "name");
            topic = name;
            return this;
        }

        /**
         * Adds a particular. What the entry keeps of it does not change any more: a counter or a text that goes on changing is
         * read now, on the calling thread; a number of a class that is not the JDK's is kept as its {@code doubleValue}, and
         * one that throws as a text that says so; a number of more than about a hundred digits as a text that says how long
         * it is.
         *
         * @param name its name
         * @param value a CharSequence, a Number or a Boolean
         * @return this
         * @throws IllegalArgumentException if the value is of another type
         */
        public Builder attribute(String name, Object value) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            attributes.put(name, LogAttribute.of(name, value));
            return this;
        }

        /**
         * Adds what no client is to read.
         *
         * @param text for sinks alone
         * @return this
         */
        public Builder detail(String text) {
            Objects.requireNonNull(text, "text");
            detail = text;
            return this;
        }

        /**
         * Ends the entry.
         *
         * @param time when it happened, by the wall clock
         * @return the entry
         */
        public LogEntry at(Instant time) {
            Objects.requireNonNull(time, "time");
            return new LogEntry(this, time);
        }
    }
}
