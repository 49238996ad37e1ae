package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Queues of sessions, and subscriptions to them. */
final class Queues {
    static final Duration THIN_AFTER = Duration.ofSeconds(2);

    private Queues() {}

    static DeliveryQueue.Context context(
            int maxMessages, int maxBytes, QueueBudget budget, Counters counters, BrokerClock clock) {
        BoundedQueue.Bounds bounds = new BoundedQueue.Bounds(maxMessages, maxBytes);
        return new DeliveryQueue.Context(bounds, budget, counters, clock, clock.nanoTime(), THIN_AFTER.toNanos());
    }

    /** A queue that loses its oldest messages, in a budget of its own. */
    static DeliveryQueue of(FrameStyle style, int maxMessages, int maxBytes, Counters counters) {
        return of(
                style,
                context(maxMessages, maxBytes, new QueueBudget(1 << 30), counters, new ManualClock()),
                () -> {},
                () -> {});
    }

    static DeliveryQueue of(FrameStyle style, DeliveryQueue.Context context, Runnable onWork, Runnable onLoss) {
        return new DeliveryQueue(new Dialects().of(style), context, new DeliveryQueue.Listener() {
            @Override
            public void messageWaits() {
                onWork.run();
            }

            @Override
            public void messagesLost(long count) {
                onLoss.run();
            }

            @Override
            public void messageDue(long nanos) {}

            @Override
            public void tooSlow() {}
        });
    }

    /** How many messages a subscription lost since that was asked last, whatever the cause. */
    static long untold(RemoteSubscriber subscriber) {
        return Arrays.stream(LossCause.values())
                .mapToLong(subscriber::takeUntoldLosses)
                .sum();
    }

    static RemoteSubscriber subscriber(String filter, DeliveryQueue queue) {
        return new RemoteSubscriber(TopicFilter.of(filter), Optional.empty(), queue);
    }
}
