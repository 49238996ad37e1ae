package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a full queue give way to a newcomer: of those that are of no higher priority, those of the lowest, and of these those of the
 * subscription with most bytes. A subscription of which but one message waits gives way last: that may be the only value of its topic.
 */
final class Eviction {
    private Eviction() {}

    /**
     * {@return the messages of which one gives way first, or null if none may}
     *
     * @param subscriptions those with the policy {@code RELIABLE} lose nothing
     * @param newcomer the priority of the message that is to have room: none of a higher one gives way to it
     */
    static @Nullable Share first(List<RemoteSubscriber> subscriptions, Priority newcomer) {
        Share first = null;
        for (int i = 0; i < subscriptions.size(); i++) {
            RemoteSubscriber subscription = subscriptions.get(i);
            if (subscription.options().policy() != DeliveryOptions.Policy.RELIABLE) {
                first = first(subscription.shares(), newcomer, first);
            }
        }
        return first;
    }

    /** {@return the same of one subscription's messages, whatever its policy} */
    static @Nullable Share firstOf(RemoteSubscriber subscription, Priority newcomer) {
        return first(subscription.shares(), newcomer, null);
    }

    private static @Nullable Share first(Share[] shares, Priority newcomer, @Nullable Share former) {
        Share first = former;
        for (Share next : shares) {
            boolean mayGo = next.queued > 0 && next.priority.compareTo(newcomer) >= 0;
            first = mayGo && (first == null || goesBefore(next, first)) ? next : first;
        }
        return first;
    }

    private static boolean goesBefore(Share one, Share other) {
        int order = one.priority.compareTo(other.priority);
        if (order != 0) {
            return order > 0;
        }
        return (one.queued > 1) == (other.queued > 1) ? one.bytes > other.bytes : one.queued > 1;
    }
}
