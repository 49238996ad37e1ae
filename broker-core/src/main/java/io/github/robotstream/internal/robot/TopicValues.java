package io.github.robotstream.internal.robot;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.routing.RoutedMessage;
import java.util.Objects;

/** Reads the values of messages for robot code. */
final class TopicValues {
    private TopicValues() {}

    /**
     * The value of a message, read by its topic's codec.
     *
     * @throws Exception what the codec throws, and if it returns null
     */
    static <T> T read(Topic<T> topic, RoutedMessage message) throws Exception {
        String json = message.envelope().valueJson();
        T value = message.isByRobotCode() && topic.codec() instanceof GsonCodec<T> codec
                ? codec.decodeOwn(json)
                : topic.codec().decode(json);
        return Objects.requireNonNull(value, "decoded value");
    }
}
