package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonScan;
import java.util.Optional;

/**
 * {@code {"action":"publish","topic":…,"data":{"name":…,"type":…,"data":…}}}.
 *
 * @param echo whether the publisher, where it is subscribed, gets its own message
 */
public record Publish(Optional<RequestId> id, String topic, RawPayload payload, boolean echo) implements TopicRequest {
    static Publish read(RequestFields fields) throws RequestRejectedException {
        String topic = fields.topicName();
        boolean echo = fields.flag(JsonScan.ROOT, "echo").orElse(true);
        return new Publish(fields.id(), topic, fields.payload(), echo);
    }

    @Override
    public Action action() {
        return Action.PUBLISH;
    }

    @Override
    public void carryOut(Action.Handler by, long arrivedNanos) {
        by.publish(this, arrivedNanos);
    }
}
