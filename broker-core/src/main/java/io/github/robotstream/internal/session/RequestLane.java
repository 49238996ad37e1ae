package io.github.robotstream.internal.session;

import io.github.robotstream.internal.worker.Budget;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final int maxBytes;
    private final Budget budget;

    /** What is to be done about a request, and the room that it takes in the budget. */
    private record Entry(Runnable request, int size, int room) {}

    /**
     * An empty lane.
     *
     * @param maxMessageBytes the largest request; two of them have room
     * @param budget of bytes, that of all sessions
     */
    RequestLane(int maxMessageBytes, Budget budget) {
        this.maxBytes = PAUSE_BYTES + 2 * maxMessageBytes;
        this.budget = budget;
    }

    /** Takes a request; the thread that reads. */
    void offer(Runnable request, int size) {
        int cost = size + BYTES_EACH;
        int room = bytes.get() + count.get() * BYTES_EACH + cost <= BYTES_FREE ? 0 : cost;
        if (count.get() >= MAX_COUNT || bytes.get() > maxBytes || (room > 0 && !budget.take(room))) {
            refused.incrementAndGet();
            return;
        }
        count.incrementAndGet();
        bytes.addAndGet(size);
        entries.add(new Entry(request, size, room));
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
        count.decrementAndGet();
        bytes.addAndGet(-entry.size());
        if (entry.room() > 0) {
            budget.give(entry.room());
        }
        return entry.request();
    }

    /** How many requests were not taken since this was asked last; broker thread. */
    int takeRefused() {
        return refused.getAndSet(0);
    }

    boolean wantsPause() {
        return count.get() >= PAUSE_COUNT || bytes.get() >= PAUSE_BYTES;
    }

    boolean isEmpty() {
        return count.get() == 0 && refused.get() == 0;
    }
}
