package io.github.robotstream.internal.robot;

import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.Received;
import io.github.robotstream.Subscription;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.codec.ValueCheck;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.Leases;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What robot code is subscribed to. Each subscription begins in the order of the robot's calls. */
public final class RobotSubscriptions {
    private final RoutingContext context;
    private final BrokerLoop loop;
    private final Router router;
    private final Callbacks callbacks;
    private final long maxQueuedBytes;
    private final Set<ListenerSubscriber<?>> listeners = ConcurrentHashMap.newKeySet();
    private final Set<PolledInput<?>> inputs = ConcurrentHashMap.newKeySet();
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
            Topic<T> topic, TopicListener<? super T> listener, boolean retained, DeliveryOptions options) {
        router.topics().declare(topic);
        return listen(TopicFilter.of(topic.name()), message -> read(topic, message), listener, retained, options);
    }

    /** See {@code RobotStreamBroker.subscribeReceived}. */
    public <T> Subscription listenReceived(
            Topic<T> topic, TopicListener<Received<T>> listener, boolean retained, DeliveryOptions options) {
        router.topics().declare(topic);
        ListenerSubscriber.Reader<Received<T>> reader =
                message -> received(message, read(topic, message), context.clock());
        return listen(TopicFilter.of(topic.name()), reader, listener, retained, options);
    }

    /** A value with what is known of its message. */
    static <T> Received<T> received(RoutedMessage message, T value, BrokerClock clock) {
        Duration age = Duration.ofNanos(clock.nanoTime() - message.arrivedNanos());
        return new Received<>(value, message.publisher(), message.isSafeValue() ? 0 : message.sequence(), age);
    }

    /** See {@code RobotStreamBroker.subscribe}. */
    public Subscription listen(
            TopicFilter filter, TopicListener<Message> listener, boolean retained, DeliveryOptions options) {
        return listen(filter, RoutedMessage::toMessage, listener, retained, options);
    }

    /** Has a listener hear what a lease is like after changes of leases, the last of several. */
    <T> Subscription listenToLeases(Supplier<T> present, TopicListener<T> listener) {
        DeliveryOptions last = new DeliveryOptions(
                DeliveryOptions.Policy.LATEST, 1, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false);
        return listen(TopicFilter.of(Leases.TOPIC), any -> present.get(), listener, false, last);
    }

    private <T> Subscription listen(
            TopicFilter filter,
            ListenerSubscriber.Reader<T> reader,
            TopicListener<? super T> listener,
            boolean retained,
            DeliveryOptions options) {
        ListenerSubscriber<T> subscriber = new ListenerSubscriber<>(
                filter, reader, listener, options, maxQueuedBytes, callbacks, context, ended -> {
                    listeners.remove(ended);
                    end(ended);
                });
        begin(subscriber, retained);
        listeners.add(subscriber);
        return subscriber;
    }

    /** See {@code RobotStreamBroker.input}. */
    public <T> Input<T> input(Topic<T> topic, boolean retained, DeliveryOptions options) {
        router.topics().declare(topic);
        PolledInput<T> input = new PolledInput<>(topic, options, maxQueuedBytes, context, ended -> {
            inputs.remove(ended);
            end(ended);
        });
        begin(input, retained);
        inputs.add(input);
        return input;
    }

    /**
     * The value of a message, read by its topic's codec.
     *
     * @throws Exception what the codec throws, and if it returns null
     */
    @SuppressWarnings("unchecked") // a topic of bytes has no other values
    static <T> T read(Topic<T> topic, RoutedMessage message) throws Exception {
        if (topic.isBinary() && message.envelope().isBinary()) {
            return (T) message.envelope().bytes();
        }
        return ValueCheck.read(topic.codec(), message.envelope().valueJson(), message.isByRobotCode());
    }

    private void begin(Subscriber subscriber, boolean retained) {
        if (closed) {
            throw new IllegalStateException("the broker is closed: nothing can be subscribed to any more");
        }
        loop.execute(() -> {
            router.subscribe(subscriber);
            if (retained) {
                router.replay(subscriber);
            }
        });
    }

    /** See {@link io.github.robotstream.internal.routing.CommandWatchdog.RobotCode}; throws nothing. */
    public boolean handOver(RoutedMessage safeValue) {
        boolean all = true;
        for (ListenerSubscriber<?> listener : listeners) {
            all &= handOver(safeValue, listener, listener::offer);
        }
        for (PolledInput<?> input : inputs) {
            all &= handOver(safeValue, input, input::offer);
        }
        return all;
    }

    private boolean handOver(RoutedMessage safeValue, Subscriber to, Consumer<RoutedMessage> offer) {
        if (!to.filter().matches(safeValue.topicName())) {
            return true;
        }
        try {
            if (safeValue.claim(to)) {
                offer.accept(safeValue);
                router.counters().add(Counters.Count.OFFERED, 1);
            }
            return true;
        } catch (Throwable wantOfMemory) {
            safeValue.unclaim(to);
            return false;
        }
    }

    private void end(Subscriber subscriber) {
        loop.execute(() -> router.unsubscribe(subscriber));
    }

    /** See {@code RobotStreamBroker.latest}. */
    public <T> Optional<T> latest(Topic<T> topic) {
        TopicState state = router.topics().find(topic);
        RoutedMessage latest = state == null ? null : state.latest();
        if (latest == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(topic, latest));
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
        listeners.forEach(ListenerSubscriber::end);
    }
}
