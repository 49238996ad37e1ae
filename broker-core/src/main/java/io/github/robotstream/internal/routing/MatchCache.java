package io.github.robotstream.internal.routing;

/**
 * Who gets a topic's messages, looked up in the table once and kept with the topic until a subscription changes. Broker thread.
 *
 * <p>All topics together keep so many places for subscribers at the most; beyond that all are forgotten, and looked up again by the
 * topics that are used. What is kept of subscriptions that are no more goes with {@link #forgetFormer()}.
 */
final class MatchCache {
    private final SubscriptionTable subscriptions;
    private final TopicTable topics;
    private final int maxPlaces;
    private long places;

    MatchCache(SubscriptionTable subscriptions, TopicTable topics, int maxPlaces) {
        this.subscriptions = subscriptions;
        this.topics = topics;
        this.maxPlaces = maxPlaces;
    }

    /** The subscriptions that get a message on the topic now. The array never changes. */
    Subscriber[] of(TopicState topic) {
        return topic.matchVersion == subscriptions.version() ? topic.match : lookUp(topic);
    }

    private Subscriber[] lookUp(TopicState topic) {
        Subscriber[] found = subscriptions.matching(topic.name());
        places += found.length - topic.match.length;
        if (places > maxPlaces) {
            topics.all().forEach(TopicState::forgetMatch);
            places = found.length;
        }
        topic.match = found;
        topic.matchVersion = subscriptions.version();
        return found;
    }

    /** Forgets those of topics that were not used since a subscription has changed; to be called now and then. */
    void forgetFormer() {
        long kept = 0;
        for (TopicState topic : topics.all()) {
            if (topic.matchVersion != subscriptions.version()) {
                topic.forgetMatch();
            }
            kept += topic.match.length;
        }
        places = kept;
    }
}
