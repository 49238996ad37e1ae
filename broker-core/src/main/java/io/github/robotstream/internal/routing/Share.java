package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;

/** The messages of one subscription and one priority that wait: a chain of places in the {@link EntryRing} of that priority. Broker thread. */
final class Share {
    /** What a message that is put in adds to {@link #looks}, and how many there are at the most: the work for one that is lost. */
    static final int LOOKS_EACH = 2;

    static final int MOST_LOOKS = 2_048;

    final RemoteSubscriber subscriber;
    final Priority priority;
    // The chain, from the first to the last.
    long first = -1;
    long last = -1;
    /** Up to this place were the newest values of their topics when a full queue looked; -1 for none. */
    long passed = -1;
    /** At so many places may be looked for one that can go. */
    int looks;

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
