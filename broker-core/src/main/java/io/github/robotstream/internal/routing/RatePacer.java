package io.github.robotstream.internal.routing;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Thins each topic of one subscription to a rate of its own. A message that comes too early is held until it is due, and one that comes meanwhile
 * takes its place: so the last value always arrives. Whoever sends to a socket asks {@link #maySend}: due times follow each other at the interval,
 * however late a message is sent, so that the rate is kept over many. Whoever calls a listener asks {@link #isDue}, and says with {@link #sent} when
 * the call begins. Not safe for use by several threads.
 */
final class RatePacer {
    private final Room room;
    private final Map<TopicState, Pace> paces = new HashMap<>();
    private final PriorityQueue<Pace> holding =
            new PriorityQueue<>((one, other) -> Long.signum(one.dueNanos - other.dueNanos));

    private static final class Pace {
        private long intervalNanos;
        private long dueNanos;
        private @Nullable RoutedMessage held;

        void sentAt(long nowNanos) {
            long late = nowNanos - dueNanos;
            boolean isOnTime = late >= 0 && late < intervalNanos;
            dueNanos = (isOnTime ? dueNanos : nowNanos) + intervalNanos;
        }

        @Nullable
        RoutedMessage takeHeld() {
            RoutedMessage message = held;
            held = null;
            return message;
        }
    }

    /** Of how many topics the pace is kept, by all who share it; of more, some are sent earlier than they should. */
    static final class Room {
        private int left;

        Room(int mostTopics) {
            left = mostTopics;
        }
    }

    RatePacer(Room room) {
        this.room = room;
    }

    /** Whether a topic's message may be sent now, so long after the one before; then it counts as sent. */
    boolean maySend(TopicState topic, long intervalNanos, long nowNanos) {
        Pace pace = pace(topic, intervalNanos, nowNanos);
        boolean isDue = pace == null || isDue(pace, nowNanos);
        if (pace != null && isDue) {
            pace.sentAt(nowNanos);
        }
        return isDue;
    }

    /** Whether a topic's message may be sent now; it counts as sent when {@link #sent} says so. */
    boolean isDue(TopicState topic, long intervalNanos, long nowNanos) {
        Pace pace = pace(topic, intervalNanos, nowNanos);
        return pace == null || isDue(pace, nowNanos);
    }

    private static boolean isDue(Pace pace, long nowNanos) {
        return pace.held == null && nowNanos - pace.dueNanos >= 0;
    }

    /**
     * A message of a topic is sent now: the next is due an interval later. That makes up for what this one was late, up to a tenth of the interval:
     * else each delay of a timer would stay, and a topic that has just that rate would be held back longer and longer.
     */
    void sent(TopicState topic, long nowNanos) {
        Pace pace = paces.get(topic);
        if (pace != null) {
            long late = Math.max(0, Math.min(nowNanos - pace.dueNanos, pace.intervalNanos / 10));
            pace.dueNanos = nowNanos - late + pace.intervalNanos;
        }
    }

    /** That of a topic, a new one too; null if there is no room for it. */
    private @Nullable Pace pace(TopicState topic, long intervalNanos, long nowNanos) {
        Pace pace = paces.get(topic);
        if (pace == null) {
            makeRoom(nowNanos);
            if (room.left <= 0) {
                return null;
            }
            pace = new Pace();
            pace.dueNanos = nowNanos;
            paces.put(topic, pace);
            room.left--;
        }
        pace.intervalNanos = intervalNanos;
        return pace;
    }

    private void makeRoom(long nowNanos) {
        int before = paces.size();
        if (room.left <= 0) {
            paces.values().removeIf(pace -> pace.held == null && pace.dueNanos - nowNanos <= 0);
        }
        if (room.left <= 0 && paces.size() == before) {
            paces.values().removeIf(pace -> pace.held == null);
        }
        room.left += before - paces.size();
    }

    /** Keeps no pace any more; nothing is held. */
    void end() {
        room.left += paces.size();
        paces.clear();
    }

    /** Holds a message that may not be sent now. Returns the one whose place it takes, or null. */
    @Nullable
    RoutedMessage hold(RoutedMessage message) {
        Pace pace = paces.get(message.topic());
        if (pace == null) {
            throw new IllegalStateException("a message of a topic that was not asked about");
        }
        RoutedMessage former = pace.held;
        if (former == null) {
            holding.add(pace); // first: what finds no memory changes nothing
        }
        pace.held = message;
        return former;
    }

    /** {@return when the next message that is held is due, on the monotonic clock} One is held. */
    long nextDueNanos() {
        return holding.element().dueNanos;
    }

    /** {@return of how many topics a message is held} */
    int held() {
        return holding.size();
    }

    /** Takes out the message that is due first, as one that is sent now; null if none is held. */
    @Nullable
    RoutedMessage takeNext(long nowNanos) {
        Pace next = holding.poll();
        if (next == null) {
            return null;
        }
        next.sentAt(nowNanos);
        return next.takeHeld();
    }

    /** Takes out the message that is due first, which counts as sent when {@link #sent} says so; null if none is held. */
    @Nullable
    RoutedMessage release() {
        Pace next = holding.poll();
        return next == null ? null : next.takeHeld();
    }

    /** Takes out what is held of a topic, as sent now; null if nothing is. */
    @Nullable
    RoutedMessage take(TopicState topic, long nowNanos) {
        Pace pace = paces.get(topic);
        if (pace == null || pace.held == null) {
            return null;
        }
        holding.remove(pace);
        pace.sentAt(nowNanos);
        return pace.takeHeld();
    }
}
