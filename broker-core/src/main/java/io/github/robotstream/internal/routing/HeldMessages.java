package io.github.robotstream.internal.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a session's subscriptions hold back, as they come faster than their rate; of each topic of a subscription the newest. Bounded
 * together by bytes, and for each subscription by number: of more, those that are due first are to be sent earlier. Broker thread.
 *
 * @param <S> a subscription
 */
final class HeldMessages<S> {
    private final int maxMessages;
    private final long maxBytes;
    private final QueueBudget budget;
    private RatePacer.@Nullable Room room;
    /** Of those that have had to wait once. */
    private Map<S, RatePacer> pacers = Map.of();

    private int bytes;

    HeldMessages(int maxMessages, long maxBytes, QueueBudget budget) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** Whether a topic's message may be sent now, so long after the one before; then it counts as sent. Else it is to be held. */
    boolean maySend(S subscription, TopicState topic, long intervalNanos, long nowNanos) {
        RatePacer pacer = pacers.get(subscription);
        if (pacer == null) {
            if (pacers.isEmpty()) {
                pacers = new LinkedHashMap<>();
            }
            room = room == null ? new RatePacer.Room(maxMessages) : room;
            pacer = new RatePacer(room);
            pacers.put(subscription, pacer);
        }
        return pacer.maySend(topic, intervalNanos, nowNanos);
    }

    /**
     * Holds a message that may not be sent now. The budget may have the queue lose all that is held meanwhile, this one too.
     *
     * @return the one whose place it takes, or null
     */
    @Nullable
    RoutedMessage hold(S subscription, RoutedMessage message) {
        RoutedMessage former = Objects.requireNonNull(pacers.get(subscription)).hold(message);
        count(message.envelope().size()
                - (former == null ? 0 : former.envelope().size()));
        return former;
    }

    /** Whether more is held than may be. */
    boolean isTooMuch(S subscription) {
        return bytes > maxBytes || of(subscription) > maxMessages;
    }

    /** {@return of how many topics a subscription's message is held} */
    int of(S subscription) {
        RatePacer pacer = pacers.get(subscription);
        return pacer == null ? 0 : pacer.held();
    }

    /** {@return when the next message of a subscription is due, on the monotonic clock} One is held. */
    long nextDueNanos(S subscription) {
        return Objects.requireNonNull(pacers.get(subscription)).nextDueNanos();
    }

    /** {@return whether a message of a subscription is held that is due by now} */
    boolean isDue(S subscription, long nowNanos) {
        return of(subscription) > 0 && nextDueNanos(subscription) - nowNanos <= 0;
    }

    /** Takes out the message of a subscription that is due first, as one that is sent now; null if none is held. */
    @Nullable
    RoutedMessage takeNext(S subscription, long nowNanos) {
        RatePacer pacer = pacers.get(subscription);
        return counted(pacer == null ? null : pacer.takeNext(nowNanos));
    }

    /** Takes out what a subscription holds of a topic, as sent now; null if nothing is. */
    @Nullable
    RoutedMessage take(S subscription, TopicState topic, long nowNanos) {
        RatePacer pacer = pacers.get(subscription);
        return counted(pacer == null ? null : pacer.take(topic, nowNanos));
    }

    private @Nullable RoutedMessage counted(@Nullable RoutedMessage taken) {
        if (taken != null) {
            count(-taken.envelope().size());
        }
        return taken;
    }

    private void count(int size) {
        bytes += size;
        budget.taken(size);
    }

    /** Keeps no pace of a subscription any more; nothing of it is held. */
    void end(S subscription) {
        RatePacer pacer = pacers.isEmpty() ? null : pacers.remove(subscription);
        if (pacer != null) {
            pacer.end();
        }
    }

    /** {@return those that have had to wait once, as they are now} */
    List<S> subscriptions() {
        return pacers.isEmpty() ? List.of() : List.copyOf(pacers.keySet());
    }

    /** {@return how many bytes are held; any thread} */
    int bytes() {
        return bytes;
    }
}
