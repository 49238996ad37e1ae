package io.github.robotstream.internal.routing;

import io.github.robotstream.Message;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.protocol.Position;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.StoredTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Numbers each message, keeps it, and offers it to its topic's subscribers. Broker thread, but for what its tables say.
 *
 * <p>A message that has a number is offered to all and kept, though there may be no memory for one of them: then that one loses it, as if its
 * queue were full. Messages of robot code that find no memory before they have a number are a gap in the topic's sequence.
 */
public final class Router {
    /** What {@link #route(RoutedMessage)} returns for a command that its topic's watchdog does not admit. */
    public static final int TOO_LATE = -1;

    /** References of four bytes: a 256th of the heap. */
    private static final int MOST_MATCHES =
            (int) Math.min(1 << 24, Runtime.getRuntime().maxMemory() >> 10);
    /** Looked at in one step of {@link #sweepTopics}. */
    private static final int TOPICS_A_STEP = 64;

    private final BrokerClock clock;
    private final TopicTable topics;
    private final SubscriptionTable subscriptions = new SubscriptionTable();
    private final MatchCache matches = new MatchCache(subscriptions, MOST_MATCHES);
    private final SubscriptionBudget budget;
    private final Counters counters;
    private final History history;
    private final Consumer<LogEntry.Builder> log;
    private final CommandWatchdogs watchdogs = new CommandWatchdogs();
    private final Leases leases = new Leases();
    private final StopTopics stops = new StopTopics();
    private final Services services = new Services();
    private Runnable onBrokerTopic = () -> {};
    private long lastOrdinal;
    private String sweptUpTo = "";
    /** When the last round of {@link #sweepTopics} began: a topic that it has not seen is not older. */
    private long sweptNanos;

    private long sweptBeforeNanos;

    /** {@code subscriptionBytes} bounds the memory of all clients' subscriptions; {@code log} never blocks. */
    public Router(
            BrokerClock clock,
            TopicTable topics,
            long subscriptionBytes,
            Counters counters,
            History history,
            Consumer<LogEntry.Builder> log) {
        this.clock = clock;
        this.sweptNanos = clock.nanoTime();
        this.topics = topics;
        this.budget = new SubscriptionBudget(subscriptionBytes);
        this.counters = counters;
        this.history = history;
        this.log = log;
    }

    /** Has each subscription told that may be to topics of the broker's own which begin with {@code $}; before the broker thread runs. */
    public void onSubscribedToBrokerTopic(Runnable told) {
        onBrokerTopic = told;
    }

    public TopicTable topics() {
        return topics;
    }

    public SubscriptionTable subscriptions() {
        return subscriptions;
    }

    public Counters counters() {
        return counters;
    }

    /** Those of all topics that have one. */
    public CommandWatchdogs watchdogs() {
        return watchdogs;
    }

    /** Those of all topics that have one. */
    public Leases leases() {
        return leases;
    }

    /** {@return the topics that stop the robot} */
    public StopTopics stops() {
        return stops;
    }

    /** {@return what clients may call} */
    public Services services() {
        return services;
    }

    /** Numbers a message and offers it to its subscribers; returns to how many, or {@link #TOO_LATE}: then nothing has come of it. */
    public int route(RoutedMessage message) {
        TopicState topic = topics.current(message.topic());
        CommandWatchdog watchdog = topic.watchdog();
        if (watchdog != null && !message.isSafeValue() && !admits(watchdog, message)) {
            return TOO_LATE;
        }
        Subscriber[] subscribers = matches.of(topic);
        Instant now = clock.now();
        long lost = message.lostBefore();
        topic.sequence += lost;
        number(topic, message, now);
        if (lost > 0) {
            for (Subscriber subscription : subscribers) {
                subscription.missed(lost);
            }
        }
        counters.add(Counters.Count.PUBLISHED, 1);
        int offered = offer(message, subscribers);
        keep(topic, message);
        if (lost > 0) {
            tellLost(topic, lost, subscribers);
        }
        return offered;
    }

    /** A safe value of before comes first. */
    private boolean admits(CommandWatchdog watchdog, RoutedMessage command) {
        boolean isAdmitted = watchdog.admits(command);
        RoutedMessage safeValue = watchdog.takeToRoute();
        if (safeValue != null) {
            route(safeValue);
        }
        return isAdmitted;
    }

    /** Numbers robot code's messages and offers them to their topic's subscribers. */
    public void route(MessageRun run) {
        long before = lastOrdinal;
        try {
            numberAndOffer(run);
        } finally {
            if (lastOrdinal == before) {
                run.first().topic().sequence += run.size() + run.first().lostBefore();
            }
        }
    }

    private void numberAndOffer(MessageRun run) {
        if (run.size() == 1) {
            routeOrLose(run.first());
            return;
        }
        TopicState topic = topics.current(run.first().topic());
        if (topic.watchdog() != null) {
            run.forEach(this::routeOrLose);
            return;
        }
        Subscriber[] subscribers = matches.of(topic);
        Instant now = clock.now();
        run.forEach(message -> number(topic, message, now));
        counters.add(Counters.Count.PUBLISHED, run.size());
        Object notTo = run.first().notTo();
        int offered = 0;
        for (Subscriber subscription : subscribers) {
            if (notTo == null || !subscription.isOf(notTo)) {
                offered++;
                try {
                    subscription.offer(run);
                } catch (OutOfMemoryError passing) {
                    lose(subscription, topic, run.size());
                }
            }
        }
        counters.add(Counters.Count.OFFERED, (long) run.size() * offered);
        run.forEach(message -> keep(topic, message));
    }

    /** A command that has waited for longer than its topic's watchdog is patient is lost, and so are those that were lost before it. */
    private void routeOrLose(RoutedMessage message) {
        if (route(message) == TOO_LATE) {
            TopicState topic = topics.current(message.topic());
            long lost = 1 + message.lostBefore();
            Subscriber[] subscribers = matches.of(topic);
            topic.sequence += lost;
            lastOrdinal++;
            for (Subscriber subscription : subscribers) {
                subscription.missed(lost);
            }
            tellLost(topic, lost, subscribers);
        }
    }

    private void number(TopicState topic, RoutedMessage message, Instant now) {
        topic.lastUsedNanos = message.arrivedNanos();
        topic.sequence++;
        lastOrdinal++;
        message.ordinal(lastOrdinal);
        message.number(topic.epoch, topic.sequence, now);
    }

    private void keep(TopicState topic, RoutedMessage message) {
        if (topic.isRetained()) {
            // After the offers: a subscription that has this topic's last value still to come sends the one before.
            topics.retain(topic, message);
            history.keep(message);
        } else if (topic.retained() != null) {
            // It was used before it was declared.
            topics.forgetLatest(topic);
        }
        StopTopic stop = topic.stop();
        if (stop != null) {
            stop.routed(message);
        }
    }

    private int offer(RoutedMessage message, Subscriber[] subscribers) {
        Object notTo = message.notTo();
        boolean isSafeValue = message.isSafeValue();
        int offered = 0;
        for (Subscriber subscription : subscribers) {
            if (!subscription.isOf(notTo) && !(isSafeValue && has(subscription, message))) {
                offered++;
                try {
                    subscription.offer(message);
                } catch (OutOfMemoryError passing) {
                    lose(subscription, message.topic(), 1);
                }
            }
        }
        counters.add(Counters.Count.OFFERED, offered);
        return offered;
    }

    /** Whether robot code was handed it past this thread. */
    private static boolean has(Subscriber subscription, RoutedMessage safeValue) {
        return !(subscription instanceof RemoteSubscriber) && !safeValue.claim(subscription);
    }

    /** There was no memory to offer it so many messages. */
    private void lose(Subscriber subscription, TopicState topic, int messages) {
        if (subscription instanceof RemoteSubscriber remote) {
            for (int i = 0; i < messages; i++) {
                remote.queue().loseDeferred(remote, topic, true);
            }
        } else {
            counters.lost(LossCause.QUEUE_FULL, messages);
        }
    }

    /** Begins to look whether a filter names a topic that robot code declared or somebody has published to. */
    public TopicSearch search(TopicFilter filter) {
        return new TopicSearch(topics, new TopicScan(filter));
    }

    /** Begins to go through the topics that a filter matches, or all without one, from a name on if it is not empty. */
    public TopicListing list(Optional<TopicFilter> filter, String after) {
        return new TopicListing(topics, new TopicScan(filter.orElse(null), after));
    }

    /** How many messages a second a topic has had in the last ten to twenty seconds. */
    public double rate(TopicState topic) {
        return topic.rate.perSecond(topic.sequence, clock.nanoTime(), sweptNanos);
    }

    private void tellLost(TopicState topic, long lost, Subscriber[] subscribers) {
        counters.add(Counters.Count.PUBLISHED, lost);
        counters.add(Counters.Count.OFFERED, lost * subscribers.length);
        counters.lost(LossCause.PUBLISH_QUEUE_FULL, lost * subscribers.length);
        for (Subscriber subscription : subscribers) {
            topic.tally.dropped(subscription instanceof RemoteSubscriber ? lost : 0);
        }
        String message = "robot code published on " + topic.name() + " faster than the broker could take it";
        log.accept(warning("messages_dropped", topic.name(), message)
                .attribute("dropped", lost)
                .attribute("cause", LossCause.PUBLISH_QUEUE_FULL.word()));
    }

    private static LogEntry.Builder warning(String event, String topic, String message) {
        return LogEntry.of(Level.WARN, event, message).topic(topic);
    }

    /** Puts a subscription in force from the next message on; false if it is a client's and there is no memory left for those. */
    public boolean subscribe(Subscriber subscription) {
        if (subscription instanceof RemoteSubscriber remote) {
            if (!budget.take(remote)) {
                return false;
            }
            TopicState only = topics.find(remote.filter().toString());
            if (only != null && remote.name().isEmpty()) {
                remote.queue().releaseHeld(only); // of filters: who names the topic gets it instead
            }
            remote.queue().add(remote);
        }
        subscriptions.add(subscription);
        if (subscription.filter().toString().startsWith("$")) {
            onBrokerTopic.run();
        }
        return true;
    }

    /** Puts a client's options of a subscription in force. */
    public void options(RemoteSubscriber subscription, DeliveryOptions options) {
        if (!Objects.equals(options, subscription.options())) {
            subscription.queue().changed(subscription, options);
        }
    }

    /** Has log entries that are less grave left out. */
    public void minSeverity(RemoteSubscriber subscription, int severity) {
        if (severity != subscription.leastSeverity()) {
            subscription.minSeverity(severity);
            subscriptions.changed(subscription);
        }
    }

    /** Has the last values of a subscription's topics sent, before everything that is routed from now on. */
    public void replay(Subscriber subscriber) {
        if (subscriber instanceof RemoteSubscriber remote) {
            remote.replay(topics, lastOrdinal, Map.of(), new TopicScan(remote.filter()));
            return;
        }
        // Robot code's own: what it asks for is done at once.
        subscriber.retainedUpTo(lastOrdinal);
        TopicScan scan = new TopicScan(subscriber.filter());
        while (!scan.hasEnded()) {
            TopicState topic = scan.look(topics);
            if (topic != null) {
                for (RoutedMessage message : topic.toReplay()) {
                    counters.add(Counters.Count.OFFERED, 1);
                    subscriber.offer(message);
                }
            }
        }
    }

    /** Begins to compare the positions where a client stopped, by topic, with what is kept. */
    public Resumption resumption(Map<String, Position> since) {
        return new Resumption(topics, history, since);
    }

    /** Begins to look for messages of a topic that are kept; {@code since} is after which one, the oldest unless given. */
    public HistoryQuery history(TopicState topic, Optional<Position> since, int limit) {
        return new HistoryQuery(topic, history, since, limit);
    }

    /**
     * Has a subscription sent what its client has missed of topics, before everything that is routed from now on.
     *
     * @param lastValues whether it is sent the last values of the others
     */
    public void resume(RemoteSubscriber subscriber, Resumption resumption, boolean lastValues) {
        TopicFilter filter = subscriber.filter();
        TopicScan scan = lastValues ? new TopicScan(filter) : TopicScan.ofNothing(filter);
        subscriber.replay(topics, lastOrdinal, resumption.begin(subscriber), scan);
    }

    /** Ends a subscription; what waits for it alone is lost. */
    public void unsubscribe(Subscriber subscription) {
        if (subscription instanceof RemoteSubscriber remote) {
            SubscriptionEnd end = end(remote);
            while (!end.goOn(remote.queue().work())) {
                remote.queue().work().renew();
            }
        } else {
            subscriptions.remove(subscription);
        }
    }

    /** Ends a client's subscription: nothing new comes to it from now on; what waits is for the caller to have done, in steps. */
    public SubscriptionEnd end(RemoteSubscriber subscription) {
        subscriptions.remove(subscription);
        budget.give(subscription);
        return new SubscriptionEnd(subscription);
    }

    /** Goes on with a topic where its store says it stood; before the broker thread runs. */
    public void restore(StoredTopic stored) {
        TopicState topic = TopicName.isReserved(stored.name()) ? null : topics.restore(stored, clock.nanoTime());
        if (topic == null) {
            tellNotRestored(stored, "the broker keeps no such topic, or no more topics");
        } else if (topic.isRetained()) {
            stored.latest().ifPresent(latest -> restoreValue(topic, stored, latest));
        }
    }

    private void restoreValue(TopicState topic, StoredTopic stored, Message latest) {
        try {
            topics.retain(topic, RoutedMessage.restored(topic, latest, clock));
        } catch (JsonException e) {
            tellNotRestored(stored, "its last value is no JSON: " + e.getMessage());
        }
    }

    private void tellNotRestored(StoredTopic stored, String why) {
        String message = "the store's topic " + stored.name() + " was not taken over: " + why;
        log.accept(warning("stored_topic_refused", stored.name(), message));
    }

    /** Forgets the last value of a topic of the broker's own. */
    public void forgetLatest(TopicState builtIn) {
        topics.forgetLatest(builtIn);
    }

    /** Forgets a topic's last value and begins its numbering anew. */
    public void clear(TopicState asKnown, String newEpoch) {
        TopicState topic = topics.current(asKnown);
        topic.epoch = newEpoch;
        topic.sequence = 0;
        topic.rate.begin(0, clock.nanoTime());
        topics.forgetLatest(topic);
    }

    /** Looks at some topics, and forgets idle ones of clients and former subscriptions; returns whether this round has more. */
    public boolean sweepTopics(Duration idle) {
        long now = clock.nanoTime();
        if (sweptUpTo.isEmpty()) {
            sweptBeforeNanos = sweptNanos;
            sweptNanos = now;
        }
        for (int i = 0; i < TOPICS_A_STEP; i++) {
            TopicState topic = topics.next(sweptUpTo, true);
            if (topic == null) {
                sweptUpTo = "";
                return false;
            }
            sweptUpTo = topic.name();
            topic.rate.look(topic.sequence, now, sweptBeforeNanos);
            topic.tally.lookAtAges(now);
            matches.forgetFormer(topic);
            if (topics.expire(topic, now, idle.toNanos(), subscriptions)) {
                matches.forget(topic);
                history.forget(topic.name());
            }
        }
        return true;
    }
}
