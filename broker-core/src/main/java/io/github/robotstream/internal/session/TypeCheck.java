package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;

/**
 * Checks what clients publish on a topic of robot code: the word for its type, and that its codec reads the value. The usual
 * codec is asked on the thread that reads; one of the application's may stand still, so it is left to {@link CodecCheck}.
 */
final class TypeCheck {
    private final Permissions permissions;
    private final TopicTable topics;

    TypeCheck(Permissions permissions, TopicTable topics) {
        this.permissions = permissions;
        this.topics = topics;
    }

    Incoming check(Request request) {
        // Who may not publish there is told so in its turn, and not what would have fitted.
        if (request instanceof Publish publish && permissions.mayPublish(publish.topic())) {
            TopicState state = topics.find(publish.topic());
            TopicState.Declaration declared = state == null ? null : state.declaration();
            if (declared != null && !declared.acceptsAnyType()) {
                return check(publish, declared.topic());
            }
        }
        return new Incoming.Asked(request);
    }

    private static Incoming check(Publish publish, Topic<?> topic) {
        String type = publish.payload().type();
        if (!type.equals(topic.type())) {
            return mismatch(publish, "the type of " + topic.name() + " is \"" + topic.type() + "\"");
        }
        Incoming.Unchecked unchecked = new Incoming.Unchecked(publish, topic);
        return topic.codec() instanceof GsonCodec ? decode(unchecked) : unchecked;
    }

    /** Asks the topic's codec. */
    static Incoming decode(Incoming.Unchecked unchecked) {
        Publish publish = unchecked.publish();
        Topic<?> topic = unchecked.topic();
        try {
            topic.codec().decode(publish.payload().value());
        } catch (Throwable t) {
            // What the codec says may hold anything; the client is told what it can mend.
            return mismatch(publish, "\"data\" in \"data\" is not a value of the type \"" + topic.type() + "\"");
        } finally {
            // It may leave its thread interrupted, which would end the transport's.
            Thread.interrupted();
        }
        return new Incoming.Asked(publish);
    }

    private static Incoming mismatch(Publish publish, String message) {
        return new Incoming.Rejected(RequestError.answering(publish, ErrorCode.TYPE_MISMATCH, message));
    }
}
