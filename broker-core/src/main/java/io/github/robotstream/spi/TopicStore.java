package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps messages of state topics beyond the broker's own memory. Command topics never get here.
 *
 * <p>Thread: {@link #open}, and {@link #close} if that failed, on the thread that starts the broker; everything else on
 * one store thread, never two calls at once. Blocking: allowed; messages wait in a bounded queue, what does not fit is
 * lost to the store alone, counted and logged. A call that is still stuck when the broker's time to close is over is
 * interrupted and left alone; {@code close} follows on the same thread if the call comes back. Failure: {@code open} that
 * throws fails the start; whatever else throws is counted and logged with its message (which must hold no secret: clients
 * may read the log), and the broker goes on. Lifetime: the broker that opened it closes it, also when its start fails
 * later; it may be opened again then.
 *
 * <pre>{@code
 * RobotStreamBroker.builder().store(TopicStore.inMemory());   // or FileTopicStore, or one of your own
 * }</pre>
 */
public interface TopicStore extends AutoCloseable {
    /**
     * Gives the store a way to the broker's log, before {@link #open}. Does nothing unless overridden.
     *
     * @param log takes entries, without a secret, as the broker's own; never blocks and never throws. For the threads
     *     that call the store
     */
    default void log(Consumer<LogEntry.Builder> log) {}

    /**
     * Gets ready, before the broker's port opens.
     *
     * <p>A topic goes on from the number that stands here, so the number must not be older than one that was given out.
     * After an end without {@link #close} the store cannot know that: a topic may be in the list then only with an epoch that
     * was never given out before. Its messages are read under that epoch from then on, so nothing is served under a number
     * that was another message's.
     *
     * @return where each stored topic stands; a topic that is not in the list begins with a new epoch
     * @throws IOException if it cannot; the broker does not start then
     */
    List<StoredTopic> open() throws IOException;

    /**
     * Takes messages that the broker has sequenced. Within a topic and epoch their numbers rise; a number that is missing
     * was never assigned or never got here. A message of another epoch than the one before begins a new numbering, and
     * the topic's earlier messages are over: they are read no more.
     *
     * @param batch at least one message, in the order they were routed; the list does not change later
     * @throws IOException if they could not be kept
     */
    void append(List<Message> batch) throws IOException;

    /**
     * Reads messages of one topic in its present epoch: the first ones after a number, so that a reader can go on from the
     * last it got.
     *
     * @param topic the topic's name
     * @param afterSequence the number after which to begin; 0 for the oldest that is kept
     * @param limit at most how many, 1 or more
     * @return the messages in order of their numbers, empty if there are none or the topic is not known. Fewer than the limit
     *     does not say that there are no more
     * @throws IOException if they could not be read
     */
    List<Message> read(String topic, long afterSequence, int limit) throws IOException;

    /**
     * Forgets a topic: its messages and its epoch; nothing if it is not known. The broker calls this for topics that robot code clears
     * and for those that expire, and before
     * {@link #close} for topics whose last messages did not get into the store, since their numbering cannot go on.
     *
     * @param topic the topic's name
     * @throws IOException if that failed
     */
    void forget(String topic) throws IOException;

    /**
     * Does what is due though nothing is asked of the store, for instance forces to the disk what was appended. Called when no
     * call waits: after each call, and again after the time that it answered. If it throws, it comes again after the next call.
     *
     * @return after what time it is to come again if nothing is asked until then; empty, unless overridden, if that need not be
     * @throws IOException if something failed
     */
    default Optional<Duration> idle() throws IOException {
        return Optional.empty();
    }

    /**
     * Ends the store; called once after each successful or failed {@link #open}, and nothing else until it is opened again.
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
        return new TopicStore() {
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
        };
    }

    /**
     * A store in memory: the last 1,000 messages of each topic, of at most 10,000 topics. A message counts with the
     * characters of its payload and 256 for what surrounds it; it keeps at most 1 Mi of these for a topic and 16 Mi in
     * all, the oldest messages go first. Of too many topics the one that was used least lately goes. It keeps them from one
     * broker to the next that is given the same object, but serves one broker at a time.
     *
     * @return a new store
     */
    static TopicStore inMemory() {
        return new InMemoryTopicStore();
    }
}
