package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** {@code {"action":"subscribe","topic":…}}, where the topic may be a filter. */
public record Subscribe(Optional<RequestId> id, String topic, SubscribeOptions options) implements TopicRequest {
    static Subscribe read(RequestFields fields) throws RequestRejectedException {
        String topic = fields.topicFilter();
        return new Subscribe(fields.id(), topic, SubscribeOptions.read(fields));
    }

    @Override
    public Action action() {
        return Action.SUBSCRIBE;
    }

    @Override
    public void carryOut(Action.Handler by, long arrivedNanos) {
        by.subscribe(this);
    }
}
