package io.github.robotstream.internal.routing;

import io.github.robotstream.AgeSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of a topic's messages on their way to clients. Broker thread; others may read it, and see what was counted last a little
 * late.
 */
final class TopicTally {
    private final AgePlaces places;
    private volatile @Nullable AgeHistogram ages;
    private int queued;
    private long dropped;
    private boolean ended;

    TopicTally(AgePlaces places) {
        this.places = places;
    }

    /** So many messages more wait for a client. */
    void queued(int messages) {
        queued += messages;
    }

    /** A client lost so many. */
    void dropped(long messages) {
        dropped += messages;
    }

    /** So many were handed to a client's socket when they were so old. */
    void sent(int messages, long ageNanos, long nowNanos) {
        AgeHistogram present = ages;
        if (present == null && !ended && places.take()) {
            present = new AgeHistogram();
            ages = present;
        }
        if (present != null) {
            present.record(ageNanos, messages, nowNanos);
        }
    }

    /** Gives the memory for ages to other topics, if there is nothing in it. */
    void lookAtAges(long nowNanos) {
        AgeHistogram present = ages;
        if (present != null && present.isEmpty(nowNanos)) {
            forgetAges();
        }
    }

    private void forgetAges() {
        if (ages != null) {
            ages = null;
            places.give();
        }
    }

    /** The topic is forgotten; messages may still be on their way. */
    void end() {
        ended = true;
        forgetAges();
    }

    int queued() {
        return queued;
    }

    long dropped() {
        return dropped;
    }

    AgeSummary ages(long nowNanos) {
        AgeHistogram present = ages;
        return AgeHistogram.summary(present == null ? List.of() : List.of(present), nowNanos);
    }
}
