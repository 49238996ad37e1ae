package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.util.List;

/** Keeps the last messages of each topic in memory. */
final class InMemoryTopicStore implements TopicStore {
    @Override
    public List<StoredTopic> open() {
        return List.of();
    }

    @Override
    public void append(List<Message> batch) {}

    @Override
    public List<Message> read(String topic, long afterSequence, int limit) {
        return List.of();
    }

    @Override
    public void forget(String topic) {}

    @Override
    public void close() {}
}
