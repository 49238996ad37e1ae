package io.github.robotstream.internal.robot;

import io.github.robotstream.Input;
import io.github.robotstream.Received;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.CommandWatchdog;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.LocalQueue;
import io.github.robotstream.internal.routing.LossCause;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code that polls: the newest message, and a bounded queue of all. A message counts as delivered when it is here;
 * what the queue loses is no loss to those who ask for the newest only. A command whose time is over stays here, and is given to nobody. Values are decoded by the thread that asks for them, the newest
 * one once. The lock is held for a few steps only.
 */
final class PolledInput<T> extends Subscriber implements Input<T> {
    private final Topic<T> topic;
    private final BrokerClock clock;
    private final Counters counters;
    private final SubscriptionLog log;
    private final Consumer<PolledInput<?>> onClose;
    private final LocalQueue queue;
    private volatile @Nullable RoutedMessage newest;
    private volatile @Nullable Decoded<T> decoded;
    private boolean closed;

    private record Decoded<T>(
            RoutedMessage message, @Nullable T value) {}

    /**
     * A subscription that is not in the table yet.
     *
     * @param onClose told once
     */
    PolledInput(
            Topic<T> topic,
            DeliveryOptions options,
            long maxQueuedBytes,
            RoutingContext context,
            Consumer<PolledInput<?>> onClose) {
        super(TopicFilter.of(topic.name()));
        this.topic = topic;
        this.clock = context.clock();
        this.counters = context.router().counters();
        this.log = new SubscriptionLog(filter(), context);
        this.onClose = onClose;
        this.queue = new LocalQueue(options, maxQueuedBytes, true, clock, LocalQueue.Tally.NONE);
    }

    @Override
    protected Object owner() {
        return this;
    }

    @Override
    protected synchronized void offer(RoutedMessage message) {
        if (closed) {
            counters.lost(LossCause.ENDED, 1);
            return;
        }
        counters.add(Counters.Count.DELIVERED, 1);
        if (message.isSafeValue()) {
            if (isOlderThanNewest(message)) {
                return;
            }
            queue.clear();
        }
        newest = message;
        queue.offer(message);
    }

    private static boolean isOutdated(RoutedMessage message) {
        CommandWatchdog watchdog = message.watchdog();
        return watchdog != null && watchdog.outdates(message);
    }

    /** Whether a safe value comes after the first command of the next episode: it has another way to here. */
    private boolean isOlderThanNewest(RoutedMessage safeValue) {
        RoutedMessage last = newest;
        return last != null && last.arrivedNanos() - safeValue.arrivedNanos() > 0;
    }

    @Override
    public T latestOr(T fallback, Duration maxAge) {
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(maxAge, "maxAge");
        Decoded<T> fresh = fresh(maxAge);
        return fresh == null || fresh.value() == null ? fallback : fresh.value();
    }

    @Override
    public Optional<Received<T>> newest(Duration maxAge) {
        Objects.requireNonNull(maxAge, "maxAge");
        Decoded<T> fresh = fresh(maxAge);
        return fresh == null || fresh.value() == null
                ? Optional.empty()
                : Optional.of(received(fresh.message(), fresh.value()));
    }

    /** A safe value that stands in for one that comes in a moment is new. */
    private Received<T> received(RoutedMessage message, T value) {
        CommandWatchdog watchdog = message.watchdog();
        boolean standsIn = watchdog != null && message == watchdog.safeValue();
        Received<T> received = RobotSubscriptions.received(message, value, clock);
        return standsIn ? new Received<>(value, received.sender(), 0, Duration.ZERO) : received;
    }

    private @Nullable Decoded<T> fresh(Duration maxAge) {
        RoutedMessage message = newest();
        if (message == null || isOlder(message, maxAge)) {
            return null;
        }
        Decoded<T> known = decoded;
        if (known == null || known.message() != message) {
            known = new Decoded<>(message, decode(message));
            decoded = known;
        }
        return known;
    }

    /** What counts now: in place of a command whose time is over its topic's safe value, though it may not have come yet. */
    private @Nullable RoutedMessage newest() {
        RoutedMessage message = newest;
        CommandWatchdog watchdog = message == null ? null : message.watchdog();
        return message != null && watchdog != null && watchdog.outdates(message) ? watchdog.safeValue() : message;
    }

    /** A safe value holds until the next command, however long that takes. */
    private boolean isOlder(RoutedMessage message, Duration maxAge) {
        return !message.isSafeValue()
                && Duration.ofNanos(clock.nanoTime() - message.arrivedNanos()).compareTo(maxAge) > 0;
    }

    @Override
    public List<T> drain() {
        return drain((message, value) -> value);
    }

    @Override
    public List<Received<T>> drainReceived() {
        return drain(this::received);
    }

    private <R> List<R> drain(BiFunction<RoutedMessage, T, R> form) {
        List<R> values = new ArrayList<>();
        for (RoutedMessage message : takeAll()) {
            T value = isOutdated(message) ? null : decode(message);
            if (value != null) {
                values.add(form.apply(message, value));
            }
        }
        return values;
    }

    private synchronized List<RoutedMessage> takeAll() {
        return queue.takeAll();
    }

    private @Nullable T decode(RoutedMessage message) {
        try {
            return RobotSubscriptions.read(topic, message);
        } catch (Throwable t) {
            log.failed(t);
            return null;
        }
    }

    @Override
    public synchronized long dropped() {
        return queue.lost();
    }

    @Override
    public long skipped() {
        return 0; // it has neither a rate nor but one place for messages
    }

    @Override
    public void close() {
        if (end()) {
            onClose.accept(this);
        }
        decoded = null;
    }

    /** Forgets everything. Returns whether it was open. */
    private synchronized boolean end() {
        boolean first = !closed;
        closed = true;
        queue.clear();
        newest = null;
        return first;
    }
}
