package io.github.robotstream.internal.routing;

import io.github.robotstream.spi.LogEntry;

/**
 * The reason why a command episode has ended, as the log tells it. A commander that lets go, or whom robot code replaces, is no cause for
 * alarm: the level is WARN where a commander was lost.
 */
public enum EpisodeEnd {
    /** No command has come within the permitted silence. */
    SILENCE("silence", LogEntry.Level.WARN, "no command has come in time"),
    /** The commander's connection was lost, or the broker ended its session. */
    SESSION_ENDED("session_ended", LogEntry.Level.WARN, "the session of the last commander has ended"),
    /** The newer token of the commander does not permit the topic. */
    RIGHTS_ENDED("rights_ended", LogEntry.Level.WARN, "the newer token of the last commander does not permit it"),
    /** The commander's lease has ended otherwise than by its own release. */
    LEASE_ENDED("lease_ended", LogEntry.Level.WARN, "the lease of the last commander has ended"),
    /** Robot code has taken or ended the commander's lease. */
    LEASE_TAKEN("lease_taken", LogEntry.Level.INFO, "robot code has taken the lease from the last commander"),
    /** The commander has sent {@code release}. */
    RELEASED("released", LogEntry.Level.INFO, "the last commander has let go"),
    /** The commander has closed its connection with a close frame. */
    LEFT("left", LogEntry.Level.INFO, "the last commander has disconnected"),
    /** The broker is closing. */
    CLOSING("closing", LogEntry.Level.INFO, "the broker is closing");

    private final String word;
    private final LogEntry.Level level;
    private final String sentence;

    EpisodeEnd(String word, LogEntry.Level level, String sentence) {
        this.word = word;
        this.level = level;
        this.sentence = sentence;
    }

    /** {@return the log entry of a topic whose safe value was published} */
    LogEntry.Builder entry(String topic) {
        return LogEntry.of(level, "safe_value", topic + " has its safe value: " + sentence)
                .topic(topic)
                .attribute("reason", word);
    }
}
