package io.github.robotstream.internal.store;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topics whose last change did not get into the store. A store that is opened again with a number older than the last
 * one that was given out would have numbers given out twice; such topics have to begin a new epoch instead.
 *
 * <p>Tickets tell which of two requests was later. The broker forgets a topic before it takes a new one in its place, so
 * there are no more entries than topics that it can hold. Safe for use by several threads.
 */
final class TopicsBehind {
    private final Map<String, Long> lostTickets = new ConcurrentHashMap<>();

    void lost(String topic, long ticket) {
        lostTickets.merge(topic, ticket, Math::max);
    }

    void settled(String topic, long ticket) {
        lostTickets.computeIfPresent(topic, (name, lost) -> lost < ticket ? null : lost);
    }

    Set<String> topics() {
        return new TreeSet<>(lostTickets.keySet());
    }
}
