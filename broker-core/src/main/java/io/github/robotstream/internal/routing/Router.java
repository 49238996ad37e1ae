package io.github.robotstream.internal.routing;

import io.github.robotstream.LossCause;
import io.github.robotstream.Message;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Numbers each message, keeps it, and offers it to those who are subscribed to its topic. Broker thread, but for what
 * its tables say.
 */
public final class Router {
    private static final Duration OLDEST = Duration.ofDays(36_500);
    /** References of four bytes: a 256th of the heap. */
    private static final int MOST_MATCHES =
            (int) Math.min(1 << 24, Runtime.getRuntime().maxMemory() >> 10);

    private final BrokerClock clock;
    private final TopicTable topics;
    private final SubscriptionTable subscriptions = new SubscriptionTable();
    private final MatchCache matches;
    private final Tally tally;
    private final Consumer<RoutedMessage> keep;
    private final Consumer<LogEntry.Builder> log;
    private long lastOrdinal;

    /**
     * A router to nobody.
     *
     * @param keep takes messages of state topics for the store; never blocks
     * @param log takes what is to be told; never blocks
     */
    public Router(
            BrokerClock clock,
            TopicTable topics,
            Tally tally,
            Consumer<RoutedMessage> keep,
            Consumer<LogEntry.Builder> log) {
        this.clock = clock;
        this.topics = topics;
        this.matches = new MatchCache(subscriptions, topics, MOST_MATCHES);
        this.tally = tally;
        this.keep = keep;
        this.log = log;
    }

    /** The topics. */
    public TopicTable topics() {
        return topics;
    }

    /** Who is subscribed. */
    public SubscriptionTable subscriptions() {
        return subscriptions;
    }

    /** The counters. */
    public Tally tally() {
        return tally;
    }

    /**
     * Numbers a message and offers it to its subscribers.
     *
     * @return to how many
     */
    public int route(RoutedMessage message) {
        TopicState topic = topics.current(message.topic());
        Subscriber[] subscribers = matches.of(topic);
        if (message.lostBefore() > 0) {
            tellLost(topic, message.lostBefore(), subscribers.length);
        }
        number(topic, message, clock.now());
        tally.add(Tally.Count.PUBLISHED, 1);
        int offered = offer(message, subscribers);
        keep(topic, message);
        return offered;
    }

    /** Numbers robot code's messages and offers them to their topic's subscribers. */
    public void route(MessageRun run) {
        if (run.size() == 1) {
            route(run.first());
            return;
        }
        TopicState topic = topics.current(run.first().topic());
        Subscriber[] subscribers = matches.of(topic);
        Instant now = clock.now();
        run.forEach(message -> number(topic, message, now));
        tally.add(Tally.Count.PUBLISHED, run.size());
        for (Subscriber subscription : subscribers) {
            subscription.offer(run);
        }
        tally.add(Tally.Count.OFFERED, (long) run.size() * subscribers.length);
        run.forEach(message -> keep(topic, message));
    }

    private void number(TopicState topic, RoutedMessage message, Instant now) {
        topic.lastUsedNanos = message.arrivedNanos();
        topic.sequence++;
        lastOrdinal++;
        message.ordinal(lastOrdinal);
        message.number(topic.epoch, topic.sequence, now);
    }

    private void keep(TopicState topic, RoutedMessage message) {
        if (!topic.isCommand()) {
            // After the offers: a subscription that has this topic's last value still to come sends the one before.
            topics.retain(topic, message);
            keep.accept(message);
        } else if (topic.retained() != null) {
            // It was used as a state topic before it was declared.
            topics.forgetLatest(topic);
        }
    }

    private int offer(RoutedMessage message, Subscriber[] subscribers) {
        Object notTo = message.notTo();
        int offered = 0;
        for (Subscriber subscription : subscribers) {
            if (!subscription.owner().equals(notTo)) {
                offered++;
                subscription.offer(message);
            }
        }
        tally.add(Tally.Count.OFFERED, offered);
        return offered;
    }

    /** Whether a filter names a topic that robot code declared or somebody has published to. */
    public boolean knows(TopicFilter filter) {
        if (filter.isExact()) {
            TopicState topic = topics.find(filter.toString());
            return topic != null && topic.isKnown();
        }
        return topics.all().stream().anyMatch(topic -> topic.isKnown() && filter.matches(topic.name()));
    }

    private void tellLost(TopicState topic, long lost, int subscribers) {
        topic.sequence += lost;
        tally.add(Tally.Count.PUBLISHED, lost);
        tally.add(Tally.Count.OFFERED, lost * subscribers);
        tally.lost(LossCause.PUBLISH_QUEUE_FULL, lost * subscribers);
        log.accept(LogEntry.builder(
                        LogEntry.Origin.BROKER,
                        LogEntry.Level.WARN,
                        "messages_dropped",
                        "robot code published on " + topic.name() + " faster than the broker could take it")
                .topic(topic.name())
                .attribute("dropped", lost));
    }

    /** Puts a subscription in force: from the next message on. */
    public void subscribe(Subscriber subscription) {
        subscriptions.add(subscription);
        if (subscription instanceof RemoteSubscriber remote) {
            remote.queue().add(remote);
        }
    }

    /** Has the last values of a subscription's topics sent, before everything that is routed from now on. */
    public void replay(Subscriber subscriber) {
        if (subscriber instanceof RemoteSubscriber remote) {
            remote.replay(topics, lastOrdinal);
            return;
        }
        if (subscriber.filter().isExact()) {
            TopicState only = topics.find(subscriber.filter().toString());
            if (only != null) {
                replay(only, subscriber);
            }
            return;
        }
        for (TopicState topic : topics.all()) {
            if (subscriber.filter().matches(topic.name())) {
                replay(topic, subscriber);
            }
        }
    }

    private void replay(TopicState topic, Subscriber subscriber) {
        for (RoutedMessage message : topic.toReplay()) {
            tally.add(Tally.Count.OFFERED, 1);
            subscriber.offer(message);
        }
    }

    /**
     * Ends a subscription; what waits for it alone is lost.
     *
     * @return how many messages that are in the queue of its session
     */
    public int unsubscribe(Subscriber subscription) {
        subscriptions.remove(subscription);
        return subscription instanceof RemoteSubscriber remote ? remote.queue().remove(remote, matches) : 0;
    }

    /** Goes on with a topic where its store says it stood; before the broker thread runs. */
    public void restore(StoredTopic stored) {
        TopicState topic = TopicFilter.isReserved(stored.name()) ? null : topics.restore(stored, clock.nanoTime());
        if (topic == null) {
            tellNotRestored(stored, "the broker keeps no such topic, or no more topics");
        } else if (!topic.isCommand()) {
            stored.latest().ifPresent(latest -> restoreValue(topic, stored, latest));
        }
    }

    private void restoreValue(TopicState topic, StoredTopic stored, Message latest) {
        try {
            topics.retain(topic, RoutedMessage.restored(topic, latest, clock.nanoTime() - ageNanos(latest)));
        } catch (JsonException e) {
            tellNotRestored(stored, "its last value is no JSON: " + e.getMessage());
        }
    }

    /** By the wall clock, the only one that went on between the runs; 0 for a message from its future. */
    private long ageNanos(Message stored) {
        Duration age = Duration.between(stored.time(), clock.now());
        return age.isNegative() ? 0 : age.compareTo(OLDEST) > 0 ? OLDEST.toNanos() : age.toNanos();
    }

    private void tellNotRestored(StoredTopic stored, String why) {
        log.accept(LogEntry.builder(
                        LogEntry.Origin.BROKER,
                        LogEntry.Level.WARN,
                        "stored_topic_refused",
                        "the store's topic " + stored.name() + " was not taken over: " + why)
                .topic(stored.name()));
    }

    /** Forgets a topic's last value and begins its numbering anew. */
    public void clear(TopicState asKnown, String newEpoch) {
        TopicState topic = topics.current(asKnown);
        topics.forgetLatest(topic);
        topic.epoch = newEpoch;
        topic.sequence = 0;
    }

    /** Forgets topics of clients that nobody used for a while, and former subscriptions; the caller sees to it now and then. */
    public void expireTopics(Duration idle) {
        matches.forgetFormer();
        topics.expire(clock.nanoTime(), idle.toNanos(), subscriptions);
    }
}
