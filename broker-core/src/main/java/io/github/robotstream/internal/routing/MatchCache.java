package io.github.robotstream.internal.routing;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who gets a topic's messages, kept with the topic until a subscription that matches it has changed. All topics together keep so
 * many places for subscribers; beyond that those are forgotten that were looked up longest ago. Broker thread.
 */
final class MatchCache {
    private final SubscriptionTable subscriptions;
    private final int maxPlaces;
    /** Those that keep somebody, in the order of their lookups. */
    private final Set<TopicState> keepers = new LinkedHashSet<>();

    private long places;

    MatchCache(SubscriptionTable subscriptions, int maxPlaces) {
        this.subscriptions = subscriptions;
        this.maxPlaces = maxPlaces;
    }

    /** The subscriptions that get a message on the topic now. The array never changes. */
    Subscriber[] of(TopicState topic) {
        return topic.matchVersion == subscriptions.version() ? topic.match : lookUp(topic);
    }

    private Subscriber[] lookUp(TopicState topic) {
        if (subscriptions.mayHaveChanged(topic.name(), topic.matchVersion)) {
            forget(topic);
            Subscriber[] found = subscriptions.matching(topic.name());
            makeRoom(found.length);
            topic.match = found;
            places += found.length;
            if (found.length > 0) {
                keepers.add(topic);
            }
        }
        topic.matchVersion = subscriptions.version();
        return topic.match;
    }

    private void makeRoom(int more) {
        Iterator<TopicState> eldest = keepers.iterator();
        while (places + more > maxPlaces && eldest.hasNext()) {
            TopicState topic = eldest.next();
            eldest.remove();
            places -= topic.match.length;
            topic.forgetMatch();
        }
    }

    void forget(TopicState topic) {
        if (topic.match.length > 0) {
            keepers.remove(topic);
            places -= topic.match.length;
        }
        topic.forgetMatch();
    }

    /** Forgets what a topic keeps if it was not used since a subscription has changed; to be called now and then for each. */
    void forgetFormer(TopicState topic) {
        if (topic.matchVersion != subscriptions.version()) {
            forget(topic);
        }
    }
}
