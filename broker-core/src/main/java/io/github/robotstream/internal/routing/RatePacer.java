package io.github.robotstream.internal.routing;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Thins each topic of one subscription to a rate of its own. A message that comes too early is held until it is due, and one that comes meanwhile
 * takes its place: so the last value always arrives. Due times follow each other at the interval, however late a message is sent, so that
 * the rate is kept over many. Not safe for use by several threads.
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
            boolean isOnTime = nowNanos - dueNanos < intervalNanos;
            dueNanos = (isOnTime ? dueNanos : nowNanos) + intervalNanos;
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
        Pace pace = paces.get(topic);
        if (pace == null) {
            makeRoom(nowNanos);
            if (room.left <= 0) {
                return true;
            }
            pace = new Pace();
            pace.dueNanos = nowNanos;
            paces.put(topic, pace);
            room.left--;
        }
        pace.intervalNanos = intervalNanos;
        if (pace.held != null || nowNanos - pace.dueNanos < 0) {
            return false;
        }
        pace.sentAt(nowNanos);
        return true;
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
        RoutedMessage message = next.held;
        next.held = null;
        next.sentAt(nowNanos);
        return message;
    }

    /** Takes out what is held of a topic, as sent now; null if nothing is. */
    @Nullable
    RoutedMessage take(TopicState topic, long nowNanos) {
        Pace pace = paces.get(topic);
        if (pace == null || pace.held == null) {
            return null;
        }
        holding.remove(pace);
        RoutedMessage message = pace.held;
        pace.held = null;
        pace.sentAt(nowNanos);
        return message;
    }
}
