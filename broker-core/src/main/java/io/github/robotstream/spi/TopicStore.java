package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.io.IOException;
import java.util.List;

/**
 * Keeps messages of state topics beyond the broker's own memory. Command topics never get here.
 *
 * <p>Thread: {@link #open} on the thread that starts the broker, everything else on one store thread, never two calls at
 * once. Blocking: allowed; messages wait in a bounded queue, what does not fit is lost to the store alone, counted and
 * logged. Failure: {@code open} that throws fails the start; whatever else throws is counted and logged, and the broker
 * goes on. Lifetime: the broker that opened it closes it, also when its start fails later; it may be opened again then.
 */
public interface TopicStore extends AutoCloseable {
    /**
     * Gets ready, before the broker's port opens.
     *
     * @return where each stored topic stands; a topic that is not in the list begins with a new epoch
     * @throws IOException if it cannot; the broker does not start then
     */
    List<StoredTopic> open() throws IOException;

    /**
     * Takes messages that the broker has sequenced. Within a topic and epoch their numbers rise; a number that is missing
     * was never assigned or never got here.
     *
     * @param batch at least one message, in the order they were routed
     * @throws IOException if they could not be kept
     */
    void append(List<Message> batch) throws IOException;

    /**
     * Reads messages of one topic in its present epoch.
     *
     * @param topic the topic's name
     * @param afterSequence the number after which to begin; 0 for the oldest that is kept
     * @param limit at most how many, 1 or more
     * @return the messages in order of their numbers, empty if there are none
     * @throws IOException if they could not be read
     */
    List<Message> read(String topic, long afterSequence, int limit) throws IOException;

    /**
     * Forgets a topic: its messages and its epoch.
     *
     * @param topic the topic's name
     * @throws IOException if that failed
     */
    void forget(String topic) throws IOException;

    /**
     * Ends the store; called once after each successful or failed {@link #open}.
     *
     * @throws IOException if something could not be written
     */
    @Override
    void close() throws IOException;

    /**
     * A store that keeps nothing.
     *
     * @return a new store
     */
    static TopicStore none() {
        return new NoTopicStore();
    }

    /**
     * A store in memory: the last 1,000 messages of each topic, at most 1 MiB of JSON text a topic and 16 MiB in all, oldest first to go.
     * It keeps them from one broker to the next that is given the same object.
     *
     * @return a new store
     */
    static TopicStore inMemory() {
        return new InMemoryTopicStore();
    }
}
