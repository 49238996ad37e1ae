package io.github.robotstream.internal.robot;

import io.github.robotstream.Message;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker that is stepped by hand and has a small lane, for tests of publishing. */
abstract class PublishFixture {
    static final Topic<Double> BATTERY = Topic.state("battery", "float", Double.class);
    static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    SteppedBroker stepped;
    RobotStreamBroker broker;

    @BeforeEach
    void start() throws IOException {
        stepped = new SteppedBroker(builder -> builder.limits(
                limits -> limits.publishQueueMessages(16).messageBytes(1_000).topics(4)));
        broker = stepped.broker;
    }

    @AfterEach
    void close() {
        stepped.close();
    }

    /** What is published on a topic from now on, as it came. */
    List<Message> heard(String topic) {
        List<Message> messages = new ArrayList<>();
        broker.subscribe(TopicFilter.of(topic), message -> {
            synchronized (messages) {
                messages.add(message);
            }
        });
        return messages;
    }

    List<String> json(List<Message> messages, int count) {
        stepped.await(count + " messages", () -> size(messages) >= count);
        synchronized (messages) {
            return messages.stream().map(m -> m.payload().json()).toList();
        }
    }

    static int size(List<Message> messages) {
        synchronized (messages) {
            return messages.size();
        }
    }
}
