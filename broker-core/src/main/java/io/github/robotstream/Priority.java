package io.github.robotstream;

/**
 * Which messages go first where several wait for one client, see {@link TopicSettings#priority}.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .topic(CAMERA, topic -> topic.priority(Priority.LOW)) // goes out when nothing else waits
 * }</pre>
 */
public enum Priority {
    /** Before all others: a stop command, a fault. */
    HIGH,
    /** The usual one. */
    NORMAL,
    /** After all others: pictures, scans. */
    LOW
}
