package io.github.robotstream.internal.codec;

import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a topic's codec reads a value that somebody else wrote. Any thread. */
public final class ValueCheck {
    private ValueCheck() {}

    /** Why it does not. The reason may be told to whoever wrote the value, and is empty if nothing is known that may. */
    public record Misfit(Optional<String> reason, Throwable fault) {}

    /**
     * Asks the topic's codec, which may stand still if it is the application's.
     *
     * @param byRobotCode whether robot code wrote the value, so that null may stand for NaN
     * @return what is wrong with the value, or null
     */
    public static @Nullable Misfit check(Topic<?> topic, String json, boolean byRobotCode) {
        try {
            read(topic.codec(), json, byRobotCode);
            return null;
        } catch (ValueMismatch e) {
            return new Misfit(Optional.of(e.getMessage()), e);
        } catch (Throwable t) {
            return new Misfit(Optional.empty(), t); // what the codec says may hold anything
        } finally {
            // It may leave its thread interrupted, which would end the transport's.
            Thread.interrupted();
        }
    }

    /**
     * A value of a codec.
     *
     * @throws Exception what the codec throws, and if it returns null
     */
    public static <T> T read(TopicCodec<T> codec, String json, boolean byRobotCode) throws Exception {
        T value = byRobotCode && codec instanceof GsonCodec<T> own ? own.decodeOwn(json) : codec.decode(json);
        return Objects.requireNonNull(value, "decoded value");
    }
}
