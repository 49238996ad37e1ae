package io.github.robotstream.internal.robot;

import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.Subscription;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.routing.BoundedQueue;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.routing.TopicState;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What robot code is subscribed to. Each subscription begins in the order of the robot's calls. */
public final class RobotSubscriptions {
    private final RoutingContext context;
    private final BrokerLoop loop;
    private final Router router;
    private final Callbacks callbacks;
    private final long maxQueuedBytes;
    private final Set<ListenerSubscriber<?>> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * No subscription yet.
     *
     * @param maxQueuedBytes how many bytes of messages may wait for one subscription
     */
    public RobotSubscriptions(RoutingContext context, Callbacks callbacks, long maxQueuedBytes) {
        this.context = context;
        this.loop = context.loop();
        this.router = context.router();
        this.callbacks = callbacks;
        this.maxQueuedBytes = maxQueuedBytes;
    }

    /** See {@code RobotStreamBroker.subscribe}. */
    public <T> Subscription listen(
            Topic<T> topic, TopicListener<? super T> listener, boolean retained, int limit, OverflowPolicy policy) {
        router.topics().declare(topic, false);
        return listen(
                TopicFilter.of(topic.name()),
                message -> TopicValues.read(topic, message),
                listener,
                retained,
                limit,
                policy);
    }

    /** See {@code RobotStreamBroker.subscribe}. */
    public Subscription listen(
            TopicFilter filter, TopicListener<Message> listener, boolean retained, int limit, OverflowPolicy policy) {
        return listen(filter, RoutedMessage::toMessage, listener, retained, limit, policy);
    }

    private <T> Subscription listen(
            TopicFilter filter,
            ListenerSubscriber.Reader<T> reader,
            TopicListener<? super T> listener,
            boolean retained,
            int limit,
            OverflowPolicy policy) {
        ListenerSubscriber<T> lane = new ListenerSubscriber<>(
                filter,
                reader,
                listener,
                bounds(limit, policy),
                callbacks,
                router.counters(),
                new SubscriptionLog(filter, context));
        begin(lane, retained);
        listeners.add(lane);
        return new Subscription() {
            @Override
            public TopicFilter filter() {
                return filter;
            }

            @Override
            public long dropped() {
                return lane.dropped();
            }

            @Override
            public void close() {
                listeners.remove(lane);
                if (lane.close()) {
                    end(lane);
                }
            }
        };
    }

    /** See {@code RobotStreamBroker.input}. */
    public <T> Input<T> input(Topic<T> topic, boolean retained, int limit, OverflowPolicy policy) {
        router.topics().declare(topic, false);
        InputSubscriber lane =
                new InputSubscriber(TopicFilter.of(topic.name()), bounds(limit, policy), router.counters());
        begin(lane, retained);
        return new PolledInput<>(
                topic, lane, context.clock(), new SubscriptionLog(lane.filter(), context), () -> end(lane));
    }

    private BoundedQueue.Bounds bounds(int limit, OverflowPolicy policy) {
        return new BoundedQueue.Bounds(limit, maxQueuedBytes, policy);
    }

    private void begin(Subscriber lane, boolean retained) {
        if (closed) {
            throw new IllegalStateException("the broker is closed: nothing can be subscribed to any more");
        }
        loop.execute(() -> {
            router.subscribe(lane);
            if (retained) {
                router.replay(lane);
            }
        });
    }

    private void end(Subscriber lane) {
        loop.execute(() -> router.unsubscribe(lane));
    }

    /** See {@code RobotStreamBroker.latest}. */
    public <T> Optional<T> latest(Topic<T> topic) {
        TopicState state = router.topics().find(topic.name());
        RoutedMessage latest = state == null ? null : state.latest();
        if (latest == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(TopicValues.read(topic, latest));
        } catch (Throwable t) {
            new SubscriptionLog(TopicFilter.of(topic.name()), context).failed(t);
            return Optional.empty();
        }
    }

    /** Whether somebody would get a message on the topic now. */
    public boolean anyFor(String topic) {
        return router.subscriptions().anyFor(topic);
    }

    /** From now on nothing can be subscribed to. */
    public void close() {
        closed = true;
    }

    /** No listener is called any more; what waits for them is lost. After the end of the broker thread. */
    public void end() {
        listeners.forEach(ListenerSubscriber::close);
    }
}
