package io.github.robotstream.internal.session;

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
    private final TopicTable topics;

    TypeCheck(TopicTable topics) {
        this.topics = topics;
    }

    Inbound check(Request request) {
        if (request instanceof Publish publish) {
            TopicState state = topics.find(publish.topic());
            TopicState.Declaration declared = state == null ? null : state.declaration();
            if (declared != null && !declared.acceptsAnyType()) {
                return check(publish, declared.topic());
            }
        }
        return new Inbound.Asked(request);
    }

    private static Inbound check(Publish publish, Topic<?> topic) {
        String type = publish.payload().type();
        if (!type.equals(topic.type())) {
            return mismatch(publish, "the type of " + topic.name() + " is \"" + topic.type() + "\"");
        }
        Inbound.Unchecked unchecked = new Inbound.Unchecked(publish, topic);
        return topic.codec() instanceof GsonCodec ? decode(unchecked) : unchecked;
    }

    /** Asks the topic's codec. */
    static Inbound decode(Inbound.Unchecked unchecked) {
        Publish publish = unchecked.publish();
        Topic<?> topic = unchecked.topic();
        try {
            topic.codec().decode(publish.payload().value());
        } catch (Throwable t) {
            // What the codec says may hold anything; the client is told what it can mend.
            return mismatch(publish, "\"data\" in \"data\" is not a value of the type \"" + topic.type() + "\"");
        }
        return new Inbound.Asked(publish);
    }

    private static Inbound mismatch(Publish publish, String message) {
        return new Inbound.Rejected(RequestError.answering(publish, ErrorCode.TYPE_MISMATCH, message));
    }
}
