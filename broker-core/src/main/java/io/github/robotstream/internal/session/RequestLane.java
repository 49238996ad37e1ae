package io.github.robotstream.internal.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session that wait for the broker thread, bounded by count and bytes. From the first bound on the
 * session's reading pauses; what the transport had read before that finds room up to the second; beyond it a request is not
 * taken, and the client is told how many there were.
 */
final class RequestLane {
    private static final int PAUSE_COUNT = 128;
    private static final int PAUSE_BYTES = 256 * 1024;
    private static final int MAX_COUNT = 1024;

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final int maxBytes;

    private record Entry(Incoming incoming, int size) {}

    /**
     * An empty lane.
     *
     * @param maxMessageBytes the largest request; two of them have room
     */
    RequestLane(int maxMessageBytes) {
        this.maxBytes = PAUSE_BYTES + 2 * maxMessageBytes;
    }

    /** Takes a request; the thread that reads. */
    void offer(Incoming incoming, int size) {
        if (count.get() >= MAX_COUNT || bytes.get() > maxBytes) {
            refused.incrementAndGet();
            return;
        }
        count.incrementAndGet();
        bytes.addAndGet(size);
        entries.add(new Entry(incoming, size));
    }

    /** The request that came first, or null; broker thread. */
    @Nullable
    Incoming poll() {
        Entry entry = entries.poll();
        if (entry == null) {
            return null;
        }
        count.decrementAndGet();
        bytes.addAndGet(-entry.size());
        return entry.incoming();
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
