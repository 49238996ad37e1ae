package io.github.robotstream.client;

import java.util.List;
import java.util.Optional;

/**
 * A topic that the client may subscribe to ({@code docs/protocol.md}, topics).
 *
 * <pre>{@code
 * for (TopicInfo topic : robot.topics("joints/#").get()) {
 *     log.info("{}: {} messages a second of {}", topic.name(), topic.rate(), topic.type().orElse("any type"));
 * }
 * }</pre>
 *
 * @param type the word for its values
 * @param command whether it is a command topic
 * @param rights {@code subscribe}, and {@code publish} if the client may
 * @param oldest the number of its oldest message that is in the robot's memory
 * @param rate messages a second, lately
 * @param stats what is counted of it, as JSON, for a client that may subscribe to {@code $stats}
 * @param schema the JSON Schema of its values
 * @param stopValue of a stop topic: the value that stops the robot, as JSON
 */
public record TopicInfo(
        String name,
        Optional<String> type,
        boolean command,
        List<String> rights,
        Optional<Long> oldest,
        double rate,
        Optional<String> stats,
        Optional<String> schema,
        Optional<String> stopValue) {}
