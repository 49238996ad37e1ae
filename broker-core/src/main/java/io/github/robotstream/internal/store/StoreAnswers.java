package io.github.robotstream.internal.store;

import io.github.robotstream.Message;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.spi.StoredTopic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at what a store gives back before the broker relies on it; throws IllegalStateException with what is wrong. */
final class StoreAnswers {
    private StoreAnswers() {}

    /** An unchanging copy of what {@code open} returned. */
    static List<StoredTopic> opened(List<StoredTopic> answer) {
        List<StoredTopic> topics = List.copyOf(answer);
        Set<String> names = new HashSet<>();
        for (StoredTopic topic : topics) {
            TopicName.check(topic.name());
            check(names.add(topic.name()), topic + " is there twice");
            check(!topic.epoch().isEmpty(), topic + " has an empty epoch");
            check(topic.lastSequence() >= 0, topic + " has a negative number");
            topic.latest().ifPresent(latest -> checkLatest(topic, latest));
        }
        return topics;
    }

    private static void checkLatest(StoredTopic topic, Message latest) {
        check(
                latest.topic().equals(topic.name())
                        && latest.epoch().equals(topic.epoch())
                        && latest.sequence() == topic.lastSequence(),
                topic + " has a latest message of another topic, epoch or number: " + latest.topic() + " "
                        + latest.epoch() + ":" + latest.sequence());
    }

    /** An unchanging copy of what {@code read} returned. */
    static List<Message> read(String topic, long afterSequence, int limit, List<Message> answer) {
        List<Message> messages = List.copyOf(answer);
        check(messages.size() <= limit, messages.size() + " messages of " + topic + ", asked for " + limit);
        long before = afterSequence;
        for (Message message : messages) {
            check(message.topic().equals(topic), "a message of " + message.topic() + ", asked for " + topic);
            check(
                    message.sequence() > before
                            && message.epoch().equals(messages.get(0).epoch()),
                    topic + " is out of order: " + message.epoch() + ":" + message.sequence() + " after "
                            + messages.get(0).epoch() + ":" + before);
            before = message.sequence();
        }
        return messages;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("the store's answer is wrong: " + otherwise);
        }
    }
}
