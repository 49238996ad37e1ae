package io.github.robotstream.internal.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Bounds what waits for all sessions together; broker thread. Where it is too much, a session that stands still loses first,
 * of several the one with most bytes: one that keeps up and falls behind for a moment would have most bytes just then, since
 * those that never read share what there is. A message that waits for many counts for each of them. Replies are counted and never lost; large
 * ones are made only while half of it is free.
 */
public final class QueueBudget {
    private final long maxBytes;
    /** Those that may lose: all that serve a subscription. */
    private final List<Member> members = new ArrayList<>();

    private long bytes;

    /** A session's queue. */
    interface Member {
        /** Loses the older half of what waits; false if there is nothing that may be lost. */
        boolean shedHalf();

        /** Whether messages wait, and none was sent since some were lost so. */
        boolean standsStill();

        /** {@return how many bytes of messages wait} */
        int bytes();
    }

    /** An empty budget. */
    public QueueBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void join(Member queue) {
        members.add(queue);
    }

    void leave(Member queue) {
        members.remove(queue);
    }

    /** Counts bytes in that cannot be lost, or out again if negative. */
    void add(long count) {
        bytes += count;
    }

    boolean isHalfFree() {
        return bytes <= maxBytes / 2;
    }

    void freed(long count) {
        bytes -= count;
    }

    /**
     * Counts bytes in, or out again if negative. Sheds some more than it must, so that the search for the largest queue is rare; nothing for
     * bytes that go out, since the queue that they leave may be shedding.
     */
    void taken(long count) {
        bytes += count;
        if (count > 0 && bytes > maxBytes) {
            long target = maxBytes - maxBytes / 16;
            while (bytes > target && firstToLose().shedHalf()) {}
        }
    }

    private Member firstToLose() {
        Member first = members.get(0);
        for (Member queue : members) {
            if (losesBefore(queue, first)) {
                first = queue;
            }
        }
        return first;
    }

    private static boolean losesBefore(Member one, Member other) {
        return one.standsStill() == other.standsStill() ? one.bytes() > other.bytes() : one.standsStill();
    }
}
