package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** {@code {"action":"unsubscribe","topic":…}}, with the topic or filter of the subscribe that it ends. */
public record Unsubscribe(Optional<RequestId> id, String topic) implements TopicRequest {
    static Unsubscribe read(RequestFields fields) throws RequestRejectedException {
        String topic = fields.topicFilter();
        return new Unsubscribe(fields.id(), topic);
    }

    @Override
    public Action action() {
        return Action.UNSUBSCRIBE;
    }

    @Override
    public void carryOut(Action.Handler by, long arrivedNanos) {
        by.unsubscribe(this);
    }
}
