package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;

/** The messages of one subscription and one priority that wait: a chain of places in the {@link EntryRing} of that priority. Broker thread. */
final class Share {
    final RemoteSubscriber subscriber;
    final Priority priority;
    // The chain, from the first to the last.
    long first = -1;
    long last = -1;
    int queued;
    long bytes;
    private boolean wasSearched;
    private long searchedNanos;

    Share(RemoteSubscriber subscriber, Priority priority) {
        this.subscriber = subscriber;
        this.priority = priority;
    }

    void count(int messages, long size) {
        queued += messages;
        bytes += size;
    }

    /** Whether it was not looked through for so long, which is done now. */
    boolean maySearch(long nowNanos, long pauseNanos) {
        boolean may = !wasSearched || nowNanos - searchedNanos >= pauseNanos;
        if (may) {
            wasSearched = true;
            searchedNanos = nowNanos;
        }
        return may;
    }
}
