package io.github.robotstream.internal.routing;

import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Takes out of a session's queue what is too old when it could be sent: what is older than its subscription takes, and what has waited for
 * long and was followed by a newer value of its topic. It looks at what stands first, and if that stays, once in a while at all of its
 * subscription, as other topics of a filter may have values that can go. Broker thread.
 */
final class MessageExpiry {
    /** Between two searches for values that newer ones have followed. */
    private static final long SEARCH_NANOS = 50_000_000;

    private final BiConsumer<Share, RoutedMessage> expired;
    /** How long what is sent now waits until it is read. */
    private long readDelayNanos;

    /** @param expired told each message that was taken out */
    MessageExpiry(BiConsumer<Share, RoutedMessage> expired) {
        this.expired = expired;
    }

    /** What is sent now is read so much later; 0 for no time that is known. */
    void readDelay(long nanos) {
        readDelayNanos = nanos;
    }

    /** Whether the message that stands first is so old that {@link #dropTooOld} has something to look at. */
    boolean isTooOld(RemoteSubscriber owner, RoutedMessage first, long nowNanos) {
        return !isInTime(owner.options(), first, nowNanos);
    }

    /** Takes out what is too old at this time, until what stands first may be sent. */
    void dropTooOld(EntryRing ring, long nowNanos) {
        while (ring.first() instanceof RoutedMessage first) {
            Share share = Objects.requireNonNull(ring.firstOwner());
            RemoteSubscriber owner = share.subscriber;
            if (isInTime(owner.options(), first, nowNanos)
                    || owner.isWantedThoughOld(first)
                    || !dropsOld(ring, share, first, nowNanos)) {
                return;
            }
        }
    }

    /** What lies on its way has not been read yet, so the time there counts for thinning, up to half of what is allowed. */
    private boolean isInTime(DeliveryOptions options, RoutedMessage message, long nowNanos) {
        long age = nowNanos - message.arrivedNanos();
        long limit = options.patienceNanos();
        if (readDelayNanos == 0 || options.maxAgeNanos() > 0) {
            return age <= limit;
        }
        return age + Math.min(readDelayNanos, limit / 2) <= limit;
    }

    /** Whether it has dropped something of a subscription whose first message is old. */
    private boolean dropsOld(EntryRing ring, Share share, RoutedMessage first, long nowNanos) {
        RemoteSubscriber owner = share.subscriber;
        boolean isFollowed = first.topic().isThinned() && ring.isFirstFollowed(share);
        if (owner.options().maxAgeNanos() > 0 || isFollowed) {
            expired.accept(share, ring.removeFirstOf(share));
            return true;
        }
        if (owner.filter().isExact() || !share.maySearch(nowNanos, SEARCH_NANOS)) {
            return false;
        }
        return ring.removeFollowed(
                share,
                message -> message.topic().isThinned()
                        && !isInTime(owner.options(), message, nowNanos)
                        && !owner.isWantedThoughOld(message),
                message -> expired.accept(share, message));
    }
}
