package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.settings.FrameStyle;
import java.util.Optional;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What one client's requests cost the broker thread at a stretch, with 10,000 topics and 10,000 subscriptions of 32 levels: each is one
 * step of bounded work, however much the request asks for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FullTablesBenchmark {
    private static final int MANY = 10_000;
    private static final int SUBSCRIPTIONS_A_SESSION = 256;
    private static final String TAIL = "/a".repeat(30);

    private final TopicTable topics = new TopicTable("e", MANY, Long.MAX_VALUE, 0);
    private final Counters counters = new Counters();
    private final Router router =
            new Router(BrokerClock.SYSTEM, topics, Long.MAX_VALUE, counters, new NoHistory(), entry -> {});
    private final TopicFilter nothing = TopicFilter.of("+" + "/+".repeat(30) + "/b");
    private final TopicFilter everything = TopicFilter.of("#");
    private DeliveryQueue queue = queue();
    private int published;

    private static final class NoHistory implements History {
        @Override
        public void keep(RoutedMessage message) {}

        @Override
        public void forget(String topic) {}

        @Override
        public boolean isReadable() {
            return false;
        }

        @Override
        public void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then) {
            throw new UnsupportedOperationException();
        }
    }

    /** Fills the tables. */
    public FullTablesBenchmark() {
        DeliveryQueue other = queue();
        for (int i = 0; i < MANY; i++) {
            publish(i);
            if (i % SUBSCRIPTIONS_A_SESSION == 0) {
                other = queue();
            }
            router.subscribe(new RemoteSubscriber(TopicFilter.of(i + "/+".repeat(29) + "/#"), Optional.empty(), other));
        }
        for (int i = 0; i < SUBSCRIPTIONS_A_SESSION - 1; i++) {
            router.subscribe(new RemoteSubscriber(TopicFilter.of("+" + "/+".repeat(i % 30) + "/" + i), Optional.empty(), queue));
        }
    }

    private DeliveryQueue queue() {
        return new DeliveryQueue(
            new Dialects().of(FrameStyle.ENVELOPE),
            new DeliveryQueue.Context(
                    new BoundedQueue.Bounds(1024, 4 << 20),
                    new QueueBudget(Long.MAX_VALUE),
                    counters,
                    BrokerClock.SYSTEM,
                    0,
                    0),
            DeliveryQueue.Listener.NONE);
    }

    private void publish(int number) {
        TopicState topic = topics.findOrMake(number + TAIL, TopicMaker.ROBOT);
        if (topic == null) {
            throw new AssertionError(number);
        }
        router.route(new RoutedMessage(
                topic, Envelope.ofValue(topic.head(), new PayloadHead("n", "t"), "1"), Sender.ROBOT, 0, null));
    }

    /** Subscribe with an id: the first step of looking for a topic that the filter names, where there is none. */
    @Benchmark
    public boolean subscribeWithId() {
        queue.work().renew();
        return router.search(nothing).goOn(queue.work());
    }

    /** The same to the end, in all its steps. */
    @Benchmark
    public boolean subscribeWithIdToTheEnd() {
        TopicSearch search = router.search(nothing);
        while (!search.goOn(queue.work())) {
            queue.work().renew();
        }
        return search.found();
    }

    /** A subscription begins with all last values, and ends: the first step of their replay, and what of it waits. */
    @Benchmark
    public int wildcardRetainedAndUnsubscribe() {
        RemoteSubscriber subscriber = new RemoteSubscriber(everything, Optional.empty(), queue);
        queue.work().renew();
        router.subscribe(subscriber);
        router.replay(subscriber);
        queue.work().renew();
        router.end(subscriber).goOn(queue.work());
        int waited = subscriber.queued();
        queue.remove(subscriber);
        return waited;
    }

    /** A message on a topic after a subscription has changed that does not match it. */
    @Benchmark
    public int publishAfterAnotherChange() {
        RemoteSubscriber subscriber = new RemoteSubscriber(nothing, Optional.empty(), queue);
        router.subscribe(subscriber);
        publish(published);
        router.unsubscribe(subscriber);
        return published;
    }

    /** The same after one that does: it is looked up again. */
    @Benchmark
    public int publishAfterAChange() {
        RemoteSubscriber subscriber = new RemoteSubscriber(everything, Optional.empty(), queue);
        router.subscribe(subscriber);
        publish(published);
        router.unsubscribe(subscriber);
        return published;
    }

    /** One step of the sweep over all topics. */
    @Benchmark
    public boolean sweepStep() {
        return router.sweepTopics(Duration.ofDays(1));
    }
}
