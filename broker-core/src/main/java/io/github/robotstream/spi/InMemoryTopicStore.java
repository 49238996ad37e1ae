package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the last messages of each topic in memory, within the bounds that {@link TopicStore#inMemory()} states. Taking a
 * message and dropping an old one cost the same however much is kept. Safe for use by several threads, for it may go from
 * one broker to the next.
 */
final class InMemoryTopicStore implements TopicStore {
    static final int MAX_TOPICS = 10_000;
    static final int MAX_MESSAGES = 1_000;
    static final long MAX_TOPIC_WEIGHT = 1L << 20;
    static final long MAX_WEIGHT = 16L << 20;

    /** The topic that was used least lately comes first. */
    private final Map<String, KeptTopic> topics = new LinkedHashMap<>(16, 0.75f, true);
    /** All kept messages, oldest first; that is also their order within each topic. */
    private final Set<KeptMessage> messages = new LinkedHashSet<>();

    private long weight;
    private int openings;

    @Override
    public synchronized List<StoredTopic> open() throws IOException {
        if (++openings > 1) {
            throw new IOException("this store in memory is open already: give each broker a store of its own,"
                    + " or close the other broker first");
        }
        return topics.values().stream().map(KeptTopic::standing).toList();
    }

    @Override
    public synchronized void append(List<Message> batch) {
        batch.forEach(this::append);
    }

    private void append(Message message) {
        KeptTopic topic = topics.get(message.topic());
        if (topic == null || !topic.epoch.equals(message.epoch())) {
            forget(message.topic());
            topic = new KeptTopic(message.topic(), message.epoch());
            topics.put(message.topic(), topic);
        }
        KeptMessage kept = new KeptMessage(message, topic);
        topic.messages.add(kept);
        topic.weight += kept.weight;
        topic.lastSequence = message.sequence();
        messages.add(kept);
        weight += kept.weight;
        makeRoom(topic);
    }

    private void makeRoom(KeptTopic topic) {
        while (topic.messages.size() > MAX_MESSAGES || topic.weight > MAX_TOPIC_WEIGHT) {
            dropOldestOf(topic);
        }
        while (weight > MAX_WEIGHT) {
            dropOldestOf(messages.iterator().next().topic);
        }
        if (topics.size() > MAX_TOPICS) {
            forget(topics.keySet().iterator().next());
        }
    }

    private void dropOldestOf(KeptTopic topic) {
        KeptMessage oldest = topic.messages.remove();
        topic.weight -= oldest.weight;
        messages.remove(oldest);
        weight -= oldest.weight;
    }

    @Override
    public synchronized List<Message> read(String topic, long afterSequence, int limit) {
        KeptTopic kept = topics.get(topic);
        if (kept == null) {
            return List.of();
        }
        return kept.messages.stream()
                .map(message -> message.message)
                .filter(message -> message.sequence() > afterSequence)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void forget(String topic) {
        KeptTopic kept = topics.get(topic);
        if (kept != null) {
            while (!kept.messages.isEmpty()) {
                dropOldestOf(kept);
            }
            topics.remove(topic);
        }
    }

    /** Keeps everything for the next opening. */
    @Override
    public synchronized void close() {
        openings--;
    }

    /** A message that is kept; equal to itself alone. */
    static final class KeptMessage {
        /** Counts for the objects around the text, so that many small messages are bounded too. */
        static final int OVERHEAD = 256;

        final Message message;
        final KeptTopic topic;
        final long weight;

        KeptMessage(Message message, KeptTopic topic) {
            this.message = message;
            this.topic = topic;
            this.weight = (long) message.payload().length()
                    + message.payload().name().length()
                    + message.payload().type().length()
                    + OVERHEAD;
        }
    }

    private static final class KeptTopic {
        final String name;
        final String epoch;
        /** Oldest first. */
        final Deque<KeptMessage> messages = new ArrayDeque<>();

        long weight;
        long lastSequence;

        KeptTopic(String name, String epoch) {
            this.name = name;
            this.epoch = epoch;
        }

        /** The newest message is the last to go, so it is the topic's latest or there is none. */
        StoredTopic standing() {
            Optional<Message> latest = Optional.ofNullable(messages.peekLast()).map(kept -> kept.message);
            return new StoredTopic(name, epoch, lastSequence, latest);
        }
    }
}
