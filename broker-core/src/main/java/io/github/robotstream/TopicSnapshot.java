package io.github.robotstream;

import java.util.Objects;

/**
 * A topic as it was at one moment: {@code broker.topics()} has those that are known. What is counted of messages on their way is counted for
 * clients; a listener of robot code has {@link Subscription#dropped}.
 *
 * <pre>{@code
 * for (TopicSnapshot topic : broker.topics()) {
 *     if (topic.dropped() > 0) {
 *         log.warn("clients have lost {} messages of {}", topic.dropped(), topic.name());
 *     }
 * }
 * }</pre>
 *
 * @param name its name
 * @param messages the number of its last message, those that were lost before they had one included
 * @param queued how many messages wait for clients, each once for each client
 * @param dropped how many messages clients have lost
 * @param sentAges how old messages were when sockets took them, without last values. At most 2,048 topics have ages at a time; the others
 *     have no samples
 */
public record TopicSnapshot(String name, long messages, int queued, long dropped, AgeSummary sentAges) {
    /** Refuses null. */
    public TopicSnapshot {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sentAges, "sentAges");
    }
}
