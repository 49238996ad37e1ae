package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.util.Optional;

/** Where a topic stood when its store was last closed. Immutable. */
public final class StoredTopic {
    private final String name;
    private final String epoch;
    private final long lastSequence;
    private final Optional<Message> latest;

    /**
     * A topic's standing.
     *
     * @param name the topic's name
     * @param epoch its numbering
     * @param lastSequence the number of its last message, 0 if there was none in this epoch
     * @param latest its last message, if the store has it
     */
    public StoredTopic(String name, String epoch, long lastSequence, Optional<Message> latest) {
        this.name = name;
        this.epoch = epoch;
        this.lastSequence = lastSequence;
        this.latest = latest;
    }

    /**
     * The topic's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Its numbering.
     *
     * @return the epoch that goes on
     */
    public String epoch() {
        return epoch;
    }

    /**
     * The number of its last message.
     *
     * @return 0 if there was none in this epoch
     */
    public long lastSequence() {
        return lastSequence;
    }

    /**
     * Its last message.
     *
     * @return the message, or empty if the store does not have it
     */
    public Optional<Message> latest() {
        return latest;
    }

    @Override
    public String toString() {
        return "StoredTopic[" + name + " " + epoch + ":" + lastSequence + "]";
    }
}
