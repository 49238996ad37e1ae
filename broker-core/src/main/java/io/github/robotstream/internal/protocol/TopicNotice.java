package io.github.robotstream.internal.protocol;

import java.util.Optional;

/**
 * What clients are told of a topic that they have not asked for.
 *
 * @param number stands for all of this in one run of the broker: who is told of the topic with something changed is told another
 * @param type the word for its type, if robot code declared it
 * @param mediaType of the bytes that its values are; empty for JSON
 * @param schema the JSON Schema of its values, if there is one
 * @param stopValue of a stop topic: the value that stops the robot, as JSON
 */
public record TopicNotice(
        int number,
        String name,
        Optional<String> type,
        Optional<String> mediaType,
        Optional<String> schema,
        Optional<String> stopValue) {

    /** {@return whether another says the same, by whatever number} */
    public boolean saysTheSameAs(TopicNotice other) {
        return equals(other.withNumber(number));
    }

    /** {@return the same by another number} */
    public TopicNotice withNumber(int other) {
        return new TopicNotice(other, name, type, mediaType, schema, stopValue);
    }
}
