package io.github.robotstream.internal.routing;

import java.util.function.Consumer;

/** What is kept of topics beyond the broker's memory. Nothing in it blocks. */
public interface History {
    /** Takes a message of a topic that is retained. */
    void keep(RoutedMessage message);

    void forget(String topic);

    /** Whether there is anything that can be read. */
    boolean isReadable();

    /**
     * Asks for the first messages of a topic after a number, those of all earlier calls of {@link #keep} included.
     *
     * @param limit how many at the most
     * @param then gets the answer, in any case and after a bounded time; on the broker thread, and not within this call
     */
    void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then);
}
