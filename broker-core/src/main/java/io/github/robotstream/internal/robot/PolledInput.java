package io.github.robotstream.internal.robot;

import io.github.robotstream.Input;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link InputSubscriber} as robot code sees it: values are decoded by the thread that asks for them, the newest one once. */
final class PolledInput<T> implements Input<T> {
    private final Topic<T> topic;
    private final InputSubscriber lane;
    private final BrokerClock clock;
    private final SubscriptionLog log;
    private final Runnable onClose;
    private volatile @Nullable Decoded<T> decoded;

    private record Decoded<T>(
            RoutedMessage message, @Nullable T value) {}

    /**
     * A view of a lane.
     *
     * @param onClose told once
     */
    PolledInput(Topic<T> topic, InputSubscriber lane, BrokerClock clock, SubscriptionLog log, Runnable onClose) {
        this.topic = topic;
        this.lane = lane;
        this.clock = clock;
        this.log = log;
        this.onClose = onClose;
    }

    @Override
    public TopicFilter filter() {
        return lane.filter();
    }

    @Override
    public T latestOr(T fallback, Duration maxAge) {
        RoutedMessage newest = lane.newest();
        if (newest == null
                || Duration.ofNanos(clock.nanoTime() - newest.arrivedNanos()).compareTo(maxAge) > 0) {
            return fallback;
        }
        Decoded<T> known = decoded;
        if (known == null || known.message() != newest) {
            known = new Decoded<>(newest, decode(newest));
            decoded = known;
        }
        T value = known.value();
        return value == null ? fallback : value;
    }

    @Override
    public List<T> drain() {
        List<T> values = new ArrayList<>();
        for (RoutedMessage message : lane.drain()) {
            T value = decode(message);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private @Nullable T decode(RoutedMessage message) {
        try {
            return TopicValues.read(topic, message);
        } catch (Throwable t) {
            log.failed(t);
            return null;
        }
    }

    @Override
    public long dropped() {
        return lane.dropped();
    }

    @Override
    public void close() {
        if (lane.close()) {
            onClose.run();
        }
        decoded = null;
    }
}
