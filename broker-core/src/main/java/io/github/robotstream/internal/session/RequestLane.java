package io.github.robotstream.internal.session;

import io.github.robotstream.internal.worker.ByteBudget;
import io.github.robotstream.internal.worker.IntrusiveQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session that wait for the broker thread, bounded by count and bytes. From the first bound on the
 * session's reading pauses; what the transport had read before that finds room up to the second; beyond it a request is not
 * taken, and the client is told how many there were.
 *
 * <p>A few small ones have room in any case. What is more takes room in a budget of all sessions, since many clients that do not read
 * their replies, so that their requests wait, could each have a large one here.
 */
final class RequestLane {
    private static final int PAUSE_COUNT = 128;
    private static final int PAUSE_BYTES = 256 * 1024;
    private static final int MAX_COUNT = 1024;
    /** What a request costs beside its bytes, so that tiny ones are bounded as well. */
    private static final int BYTES_EACH = 512;
    /** What a session may have beside the budget, so that a client that asks one thing after the other is served whatever others do. */
    private static final int BYTES_FREE = 8 * 1024;

    private static final int COUNT_SHIFT = 40;

    // There is a lane for each session: numbers in objects of their own would take three times as much memory.
    private static final AtomicLongFieldUpdater<RequestLane> WAITING =
            AtomicLongFieldUpdater.newUpdater(RequestLane.class, "waiting");
    private static final AtomicIntegerFieldUpdater<RequestLane> REFUSED =
            AtomicIntegerFieldUpdater.newUpdater(RequestLane.class, "refused");

    private final IntrusiveQueue<Entry> entries = new IntrusiveQueue<>();
    /** What waits: how many requests, and below that their bytes. In one, as two threads write it for each request. */
    private volatile long waiting;

    private volatile int refused;
    private final int maxBytes;
    private final ByteBudget budget;

    /** What is to be done about a request, and the room that it takes in the budget. */
    private static final class Entry extends IntrusiveQueue.Node {
        /** Null once it was taken out: it may hold a token, and the queue still knows its newest entry. */
        @Nullable
        Runnable request;

        final int size;
        final int room;

        Entry(Runnable request, int size, int room) {
            this.request = request;
            this.size = size;
            this.room = room;
        }
    }

    /**
     * An empty lane.
     *
     * @param maxMessageBytes the largest request; two of them have room
     * @param budget of bytes, that of all sessions
     */
    RequestLane(int maxMessageBytes, ByteBudget budget) {
        this.maxBytes = PAUSE_BYTES + 2 * maxMessageBytes;
        this.budget = budget;
    }

    /** Takes a request; the thread that reads. */
    void offer(Runnable request, int size) {
        int cost = size + BYTES_EACH;
        long before = waiting;
        int count = count(before);
        int room = bytes(before) + (long) count * BYTES_EACH + cost <= BYTES_FREE ? 0 : cost;
        Entry entry = new Entry(request, size, room); // first: where there is no memory for it nothing is counted
        if (count >= MAX_COUNT || bytes(before) > maxBytes || (room > 0 && !budget.tryReserve(room))) {
            REFUSED.incrementAndGet(this);
            return;
        }
        WAITING.addAndGet(this, one(size));
        entries.offer(entry);
    }

    private static long one(int size) {
        return (1L << COUNT_SHIFT) + size;
    }

    private static int count(long waiting) {
        return (int) (waiting >> COUNT_SHIFT);
    }

    private static long bytes(long waiting) {
        return waiting & ((1L << COUNT_SHIFT) - 1);
    }

    /** Takes out all that waits, and returns how many; broker thread. */
    int discard() {
        int discarded = 0;
        while (poll() != null) {
            discarded++;
        }
        return discarded;
    }

    /** The request that came first, as what is to be done about it, or null; broker thread. */
    @Nullable
    Runnable poll() {
        Entry entry = entries.poll();
        if (entry == null) {
            return null;
        }
        WAITING.addAndGet(this, -one(entry.size));
        if (entry.room > 0) {
            budget.release(entry.room);
        }
        Runnable request = entry.request;
        entry.request = null;
        return request;
    }

    /** How many requests were not taken since this was asked last; broker thread. */
    int takeRefused() {
        return REFUSED.getAndSet(this, 0);
    }

    boolean wantsPause() {
        long present = waiting;
        return count(present) >= PAUSE_COUNT || bytes(present) >= PAUSE_BYTES;
    }

    boolean isEmpty() {
        return count(waiting) == 0 && refused == 0;
    }
}
