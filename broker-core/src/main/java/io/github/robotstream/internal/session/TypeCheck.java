package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.codec.ValueMismatch;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks what clients publish on a topic of robot code: the word for its type, and that its codec reads the value. The usual
 * codec is asked on the thread that reads; one of the application's may stand still, so it is left to {@link PendingCheck}.
 */
final class TypeCheck {
    private final Supplier<Permissions> permissions;
    private final TopicTable topics;

    /**
     * A check of one session's publishes.
     *
     * @param permissions what its client may do now
     */
    TypeCheck(Supplier<Permissions> permissions, TopicTable topics) {
        this.permissions = permissions;
        this.topics = topics;
    }

    /** Checks on the thread that reads. */
    Incoming check(Request request, long arrivedNanos) {
        Topic<?> topic = request instanceof Publish publish ? checkedTopic(publish) : null;
        if (topic == null) {
            return new Incoming.Asked(request, arrivedNanos);
        }
        Publish publish = (Publish) request;
        if (!permissions.get().mayPublish(publish.topic())) {
            // It is told so in its turn, and not what would have fitted.
            return new Incoming.Unallowed(publish, arrivedNanos);
        }
        Incoming checked = checkWord(publish, topic, arrivedNanos);
        return checked instanceof Incoming.Unchecked unchecked && topic.codec() instanceof GsonCodec
                ? decode(unchecked)
                : checked;
    }

    /** Checks in its turn what had not been allowed before, and asks no codec. */
    Incoming checkAgain(Incoming.Unallowed unallowed) {
        Publish publish = unallowed.publish();
        Topic<?> topic = permissions.get().mayPublish(publish.topic()) ? checkedTopic(publish) : null;
        return topic == null
                ? new Incoming.Asked(publish, unallowed.arrivedNanos())
                : checkWord(publish, topic, unallowed.arrivedNanos());
    }

    private @Nullable Topic<?> checkedTopic(Publish publish) {
        TopicState state = topics.find(publish.topic());
        TopicState.Declaration declared = state == null ? null : state.declaration();
        return declared == null || declared.isUncheckedFromClients() ? null : declared.topic();
    }

    private static Incoming checkWord(Publish publish, Topic<?> topic, long arrivedNanos) {
        String type = publish.payload().type();
        return type.equals(topic.type())
                ? new Incoming.Unchecked(publish, topic, arrivedNanos)
                : mismatch(publish, "the type of " + topic.name() + " is \"" + topic.type() + "\"");
    }

    /** Asks the topic's codec. */
    static Incoming decode(Incoming.Unchecked unchecked) {
        Publish publish = unchecked.publish();
        Topic<?> topic = unchecked.topic();
        try {
            topic.codec().decode(publish.payload().value());
        } catch (ValueMismatch e) {
            return mismatch(publish, "\"data\" in \"data\" is no " + topic.type() + ": " + e.getMessage());
        } catch (Throwable t) {
            // What the codec says may hold anything; the client is told what it can mend.
            return mismatch(publish, "\"data\" in \"data\" is not a value of the type \"" + topic.type() + "\"");
        } finally {
            // It may leave its thread interrupted, which would end the transport's.
            Thread.interrupted();
        }
        return new Incoming.Asked(publish, unchecked.arrivedNanos());
    }

    private static Incoming mismatch(Publish publish, String message) {
        return new Incoming.Rejected(RequestError.answering(publish, ErrorCode.TYPE_MISMATCH, message));
    }
}
