package io.github.robotstream.internal.routing;

import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.Outbound;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** A router with everything it needs, on the test's thread. */
final class RouterFixture {
    static final TopicMaker CLIENT = TopicMaker.client("operator");

    final ManualClock clock = new ManualClock();
    final Counters counters = new Counters();
    final List<RoutedMessage> kept = new ArrayList<>();
    final List<String> forgotten = new ArrayList<>();
    final List<LogEntry> logged = new ArrayList<>();
    final History history = new Kept();
    final TopicTable topics;
    final Router router;

    RouterFixture() {
        this(100, 1 << 20);
    }

    RouterFixture(int maxUndeclared, long maxRetainedBytes) {
        this(maxUndeclared, maxRetainedBytes, 0);
    }

    RouterFixture(int maxUndeclared, long maxRetainedBytes, int history) {
        topics = new TopicTable("e1", maxUndeclared, maxRetainedBytes, history);
        router = new Router(clock, topics, 1 << 20, counters, this.history, entry -> logged.add(entry.at(clock.now())));
    }

    /** Whether what is kept can be read, as if a store had it. */
    boolean readable;

    /** Reads that the store has not answered. */
    final Deque<Runnable> reads = new ArrayDeque<>();

    private final class Kept implements History {
        @Override
        public void keep(RoutedMessage message) {
            kept.add(message);
        }

        @Override
        public void forget(String topic) {
            forgotten.add(topic);
        }

        @Override
        public boolean isReadable() {
            return readable;
        }

        @Override
        public void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then) {
            List<RoutedMessage> found = kept.stream()
                    .filter(m -> m.topic() == topic && m.epoch().equals(topic.epoch) && m.sequence() > afterSequence)
                    .limit(limit)
                    .map(RouterFixture.this::asStored)
                    .toList();
            reads.add(() -> then.accept(new StoredPage(found, null)));
        }
    }

    private RoutedMessage asStored(RoutedMessage message) {
        try {
            return RoutedMessage.restored(message.topic(), message.toMessage(), clock);
        } catch (JsonException e) {
            throw new AssertionError(e);
        }
    }

    /** The store answers what was asked first, if anything was; returns whether. */
    boolean answer() {
        Runnable read = reads.poll();
        if (read != null) {
            read.run();
        }
        return read != null;
    }

    /** Whether the router says that the filter names a topic that is known. */
    boolean knows(String filter) {
        TopicSearch search = router.search(TopicFilter.of(filter));
        Work work = new Work();
        while (!search.goOn(work)) {
            work.renew();
        }
        return search.found();
    }

    /** A topic that only clients use. */
    TopicState topic(String name) {
        TopicState topic = topics.findOrMake(name, TopicMaker.client(name));
        if (topic == null) {
            throw new AssertionError("no room for " + name);
        }
        return topic;
    }

    TopicState command(String name) {
        return topics.declare(Topic.command(name, "int", Integer.class));
    }

    TopicState state(String name) {
        return topics.declare(Topic.state(name, "int", Integer.class));
    }

    RoutedMessage publish(TopicState topic, long value) {
        return route(Messages.message(topic, value, clock.nanoTime()));
    }

    RoutedMessage publish(String topic, long value) {
        return publish(topic(topic), value);
    }

    RoutedMessage route(RoutedMessage message) {
        router.route(message);
        return message;
    }

    RecordingSubscriber subscribe(String filter) {
        RecordingSubscriber subscriber = new RecordingSubscriber(filter);
        router.subscribe(subscriber);
        return subscriber;
    }

    /** A session's queue and what comes out of it. */
    final class Client {
        final DeliveryQueue queue;
        int turnsAsked;

        Client(int maxMessages) {
            this(maxMessages, 1 << 20, new QueueBudget(1 << 30));
        }

        Client(int maxMessages, int maxBytes, QueueBudget budget) {
            queue = Queues.of(
                    FrameStyle.FLAT,
                    Queues.context(maxMessages, maxBytes, budget, counters, clock),
                    () -> turnsAsked++,
                    () -> {});
        }

        RemoteSubscriber subscribe(String filter) {
            RemoteSubscriber subscriber = Queues.subscriber(filter, queue);
            if (!router.subscribe(subscriber)) {
                throw new AssertionError("no room for " + filter);
            }
            return subscriber;
        }

        /** Subscribes, and has last values sent. */
        RemoteSubscriber subscribeRetained(String filter) {
            RemoteSubscriber subscriber = subscribe(filter);
            router.replay(subscriber);
            return subscriber;
        }

        /** What waits, and in the end everything that is still to be replayed: {@code pose 3}, or the text of a reply. */
        List<String> receiveAll() {
            List<String> all = new ArrayList<>();
            do {
                turnsAsked = 0;
                queue.replayMore(topics);
                all.addAll(receive());
            } while (turnsAsked > 0);
            return all;
        }

        /** What waits. */
        List<String> receive() {
            List<String> all = new ArrayList<>();
            while (queue.peek() != null) {
                all.add(receiveOne());
            }
            return all;
        }

        String receiveOne() {
            String text = Outbound.text(queue.peek());
            int before = queue.gone();
            queue.pop();
            counters.add(Counters.Count.DELIVERED, queue.gone() - before);
            return text.replaceAll("^\\{\"name\":\"(.*)\",\"type\":\"t\",\"data\":(.*)}$", "$1 $2");
        }
    }

    void sweep(Duration idle) {
        while (router.sweepTopics(idle)) {}
    }
}
