package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.BytesCodec;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.codec.ValueCheck;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestError;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Whether what a client publishes fits a topic of robot code: the word for its type, and that its codec reads the value. Any thread. */
final class TypeCheck {
    private TypeCheck() {}

    /** {@return what is wrong with the word for the type, or with a value of bytes or JSON where the other is due, or null} */
    static @Nullable RequestError checkWord(Publish publish, Topic<?> topic) {
        boolean binary = publish.payload().bytes() != null;
        if (binary != topic.isBinary()) {
            return mismatch(
                    publish,
                    topic.name()
                            + (binary
                                    ? " is a topic of JSON: send text"
                                    : " is a topic of bytes: send a binary message"));
        }
        String type = publish.payload().type();
        return type.equals(topic.type())
                ? null
                : mismatch(
                        publish,
                        "\"type\" in \"data\" is \"" + JsonErrors.excerpt(type) + "\"; on " + topic.name()
                                + " it has to be \"" + topic.type() + "\"");
    }

    /** Whether there is nothing to be asked that may stand still: the codec is the library's own, or the value is bytes. */
    static boolean isQuick(Topic<?> topic) {
        return topic.codec() instanceof GsonCodec || topic.codec() instanceof BytesCodec;
    }

    /**
     * Asks the topic's codec, which may stand still if it is the application's.
     *
     * @param userFaults takes what the codec threw unless that is meant for the client
     * @return what is wrong with the value, or null
     */
    static @Nullable RequestError checkValue(
            Publish publish, Topic<?> topic, BiConsumer<String, Throwable> userFaults) {
        if (topic.isBinary()) {
            return null;
        }
        ValueCheck.Misfit misfit = ValueCheck.check(topic, publish.payload().value(), false);
        if (misfit == null) {
            return null;
        }
        if (misfit.reason().isEmpty()) {
            userFaults.accept("the codec of " + topic.name(), misfit.fault());
        }
        return mismatch(
                publish,
                misfit.reason()
                        .map(why -> "\"data\" in \"data\" is no " + topic.type() + ": " + why)
                        .orElse("\"data\" in \"data\" is not a value of the type \"" + topic.type() + "\""));
    }

    private static RequestError mismatch(Publish publish, String message) {
        return RequestError.answering(publish, ErrorCode.TYPE_MISMATCH, message);
    }
}
