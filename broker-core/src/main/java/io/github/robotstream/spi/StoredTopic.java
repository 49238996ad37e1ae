package io.github.robotstream.spi;

import io.github.robotstream.Message;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a topic stood when its store was last closed. Immutable.
 *
 * <pre>{@code
 * for (StoredTopic topic : TopicStore.inMemory().open()) {
 *     log.info("{} goes on after {} in epoch {}", topic.name(), topic.lastSequence(), topic.epoch());
 * }
 * }</pre>
 *
 * @param name the topic's name
 * @param epoch its numbering, which goes on
 * @param lastSequence the number of its last message, 0 if there was none in this epoch
 * @param latest its last message, if the store has it
 */
public record StoredTopic(String name, String epoch, long lastSequence, Optional<Message> latest) {
    /** Refuses null. */
    public StoredTopic {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(latest, "latest");
    }

    @Override
    public String toString() {
        return "StoredTopic[" + name + " " + epoch + ":" + lastSequence + "]";
    }
}
