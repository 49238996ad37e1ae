package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.BytesCodec;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.codec.ValueMismatch;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.TopicState;
import org.jspecify.annotations.Nullable;

/** Whether what a client publishes fits a topic of robot code: the word for its type, and that its codec reads the value. Any thread. */
final class TypeCheck {
    private TypeCheck() {}

    /** {@return the topic whose type a message there has to be of, or null if it may be of any} */
    static @Nullable Topic<?> topicOf(@Nullable TopicState state) {
        TopicState.Declaration declared = state == null ? null : state.declaration();
        return declared == null || declared.options().uncheckedFromClients ? null : declared.topic();
    }

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
        return publish.payload().type().equals(topic.type())
                ? null
                : mismatch(publish, "the type of " + topic.name() + " is \"" + topic.type() + "\"");
    }

    /** Whether there is nothing to be asked that may stand still: the codec is the library's own, or the value is bytes. */
    static boolean isQuick(Topic<?> topic) {
        return topic.codec() instanceof GsonCodec || topic.codec() instanceof BytesCodec;
    }

    /** Asks the topic's codec, which may stand still if it is the application's. Returns what is wrong with the value, or null. */
    static @Nullable RequestError checkValue(Publish publish, Topic<?> topic) {
        if (topic.isBinary()) {
            return null;
        }
        try {
            topic.codec().decode(publish.payload().value());
            return null;
        } catch (ValueMismatch e) {
            return mismatch(publish, "\"data\" in \"data\" is no " + topic.type() + ": " + e.getMessage());
        } catch (Throwable t) {
            // What the codec says may hold anything; the client is told what it can mend.
            return mismatch(publish, "\"data\" in \"data\" is not a value of the type \"" + topic.type() + "\"");
        } finally {
            // It may leave its thread interrupted, which would end the transport's.
            Thread.interrupted();
        }
    }

    private static RequestError mismatch(Publish publish, String message) {
        return RequestError.answering(publish, ErrorCode.TYPE_MISMATCH, message);
    }
}
