package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;

/** Messages for tests of the routing room, and what is in them. */
final class Messages {
    private static final PayloadHead HEAD = new PayloadHead("n", "t");

    private Messages() {}

    /** An empty run for queues of usual size. */
    static MessageRun run() {
        return new MessageRun(1024, 1 << 20);
    }

    /** A run of these messages. */
    static MessageRun run(RoutedMessage... messages) {
        MessageRun run = run();
        run.begin(messages[0]);
        for (int i = 1; i < messages.length; i++) {
            if (!run.add(messages[i])) {
                throw new IllegalArgumentException("message " + i + " belongs to another run");
            }
        }
        return run;
    }

    /** A topic of the broker's own that belongs to no table. */
    static TopicState topic(String name) {
        return new TopicState(name, "e1", 0, new AgePlaces());
    }

    /** A state topic of robot code's that belongs to no table. */
    static TopicState state(String name) {
        return new TopicState(name, "e1", TopicMaker.ROBOT, 0, new AgePlaces());
    }

    /** A message of robot code with a number as its value. */
    static RoutedMessage message(TopicState topic, long value) {
        return message(topic, Long.toString(value));
    }

    static RoutedMessage message(TopicState topic, String json) {
        return message(topic, json, 0, null);
    }

    /** A message that was published at a time of the monotonic clock. */
    static RoutedMessage message(TopicState topic, long value, long arrivedNanos) {
        return message(topic, Long.toString(value), arrivedNanos, null);
    }

    /** A message that one owner's subscriptions do not get. */
    static RoutedMessage notTo(Object owner, TopicState topic, long value) {
        return message(topic, Long.toString(value), 0, owner);
    }

    private static RoutedMessage message(TopicState topic, String json, long arrivedNanos, Object notTo) {
        Envelope envelope = Envelope.ofValue(topic.head(), HEAD, json);
        return new RoutedMessage(topic, envelope, Sender.ROBOT, arrivedNanos, notTo);
    }

    /** A message whose documented frame has so many bytes. */
    static RoutedMessage ofSize(TopicState topic, int bytes) {
        return ofSize(topic, bytes, 0);
    }

    /** The same, published at a time of the monotonic clock. */
    static RoutedMessage ofSize(TopicState topic, int bytes, long arrivedNanos) {
        int rest = bytes - message(topic, "\"\"").envelope().size();
        if (rest < 0) {
            throw new IllegalArgumentException("a frame of " + topic.name() + " has more than " + bytes + " bytes");
        }
        return message(topic, "\"" + "x".repeat(rest) + "\"", arrivedNanos, null);
    }

    static long value(RoutedMessage message) {
        return Long.parseLong(message.envelope().valueJson());
    }
}
