package io.github.robotstream.internal.codec;

import io.github.robotstream.InvalidValueException;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.internal.json.JsonErrors;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a topic's codec reads a value that somebody else wrote. Any thread. */
public final class ValueCheck {
    private static final int MOST_OF_REASON = 200;
    /** How far down the causes of what was thrown are looked at: Gson wraps what a constructor throws. */
    private static final int MOST_CAUSES = 8;

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
        } catch (Throwable t) {
            return new Misfit(reason(t), t);
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

    /** {@return what may be told of what a codec threw to whoever wrote the value; empty for what is the application's own} */
    public static Optional<String> reason(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof ValueMismatch mismatch) {
                return Optional.of(mismatch.getMessage());
            }
            if (cause instanceof InvalidValueException refusal) {
                return text(refusal);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Optional<String> text(InvalidValueException refusal) {
        return Optional.ofNullable(refusal.getMessage())
                .filter(reason -> !reason.isBlank())
                .map(reason -> JsonErrors.excerpt(reason, MOST_OF_REASON));
    }
}
