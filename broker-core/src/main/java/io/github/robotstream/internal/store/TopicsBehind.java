package io.github.robotstream.internal.store;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topics whose last change did not get into the store: opened again, it would have numbers given out twice, so these have to
 * begin a new epoch. A topic of which the store has nothing does so anyway and is not kept here, so that entries are bounded by
 * what the store has. Tickets tell which of two requests was later. Any thread.
 */
final class TopicsBehind {
    private final Map<String, Long> lostTickets = new ConcurrentHashMap<>();
    /** Those of which the store has a message, or will have. */
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    /** Set where an entry could not be made for want of memory. */
    private volatile boolean all;

    /** A message of the topic is to be kept. Returns whether it is the first. */
    boolean stores(String topic) {
        return !stored.contains(topic) && stored.add(topic);
    }

    /** The topic is to be forgotten, or its first message is not kept: the store has nothing of what comes later. */
    void forgets(String topic) {
        stored.remove(topic);
    }

    /** A request for the topic was not done. */
    void lost(String topic, long ticket) {
        try {
            lostTickets.merge(topic, ticket, Math::max);
        } catch (OutOfMemoryError noEntry) {
            all = true;
        }
    }

    void settled(String topic, long ticket) {
        lostTickets.computeIfPresent(topic, (name, lost) -> lost < ticket ? null : lost);
    }

    Set<String> topics() {
        Set<String> topics = new TreeSet<>(lostTickets.keySet());
        if (all) {
            topics.addAll(stored);
        }
        return topics;
    }
}
