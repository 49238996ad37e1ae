package io.github.robotstream.spi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One topic of the store in memory; guarded by the store. */
final class KeptTopic {
    final String name;
    final String epoch;
    /** Oldest first. */
    final Deque<KeptMessage> messages = new ArrayDeque<>();

    long weight;
    private long lastSequence;

    KeptTopic(String name, String epoch) {
        this.name = name;
        this.epoch = epoch;
    }

    void add(KeptMessage kept) {
        messages.add(kept);
        weight += kept.weight;
        lastSequence = kept.message.sequence();
    }

    KeptMessage removeOldest() {
        KeptMessage oldest = messages.remove();
        weight -= oldest.weight;
        return oldest;
    }

    /** The newest message is the last to go, so it is the topic's latest or there is none. */
    StoredTopic standing() {
        return new StoredTopic(
                name,
                epoch,
                lastSequence,
                Optional.ofNullable(messages.peekLast()).map(kept -> kept.message));
    }
}
