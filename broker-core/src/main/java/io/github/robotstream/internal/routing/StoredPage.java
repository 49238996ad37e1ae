package io.github.robotstream.internal.routing;

import io.github.robotstream.Message;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a topic store has answered.
 *
 * @param messages of one topic and epoch, in the order of their numbers
 * @param failure why there are none; null if the store did answer
 */
public record StoredPage(
        List<RoutedMessage> messages, @Nullable Throwable failure) {
    /** A page has at most so many bytes of messages, or one larger message. */
    public static final int BYTES = 256 << 10;

    /** A page of what a store gave back; where that is no JSON for clients it ends, or fails if there is nothing before. Any thread. */
    public static StoredPage of(TopicState topic, List<Message> stored, BrokerClock clock) {
        List<RoutedMessage> routed = new ArrayList<>();
        long bytes = 0;
        try {
            for (Message message : stored) {
                RoutedMessage next = RoutedMessage.restored(topic, message, clock);
                bytes += next.envelope().size();
                if (bytes > BYTES && !routed.isEmpty()) {
                    break;
                }
                routed.add(next);
            }
        } catch (JsonException e) {
            return new StoredPage(routed, routed.isEmpty() ? e : null);
        } catch (OutOfMemoryError e) {
            return new StoredPage(List.of(), e);
        }
        return new StoredPage(routed, null);
    }

    /** {@return the number of the first message, or 0 if there is none of that epoch} */
    long oldest(String epoch) {
        return messages.isEmpty() || !messages.get(0).epoch().equals(epoch)
                ? 0
                : messages.get(0).sequence();
    }
}
