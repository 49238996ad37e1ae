package io.github.robotstream.internal.robot;

import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.internal.routing.RoutedMessage;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one subscription of robot code, bounded by count and bytes; one message always has room. Guarded
 * by the lock of whoever owns it.
 */
final class LocalQueue {
    private final Bounds bounds;
    private final ArrayDeque<RoutedMessage> messages = new ArrayDeque<>();
    private long bytes;

    /** How much waits, and what gives way then. */
    record Bounds(int maxMessages, long maxBytes, OverflowPolicy policy) {}

    LocalQueue(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Adds a message, and returns how many are lost for it, perhaps itself. */
    int add(RoutedMessage message) {
        int lost = 0;
        int size = message.envelope().size();
        while (!messages.isEmpty() && (messages.size() >= bounds.maxMessages() || bytes + size > bounds.maxBytes())) {
            lost++;
            if (bounds.policy() == OverflowPolicy.DROP_NEWEST) {
                return lost;
            }
            poll();
        }
        messages.add(message);
        bytes += size;
        return lost;
    }

    /** The oldest message, or null. */
    @Nullable
    RoutedMessage poll() {
        RoutedMessage message = messages.poll();
        if (message != null) {
            bytes -= message.envelope().size();
        }
        return message;
    }

    int size() {
        return messages.size();
    }

    /** Takes all, oldest first. */
    List<RoutedMessage> takeAll() {
        List<RoutedMessage> all = List.copyOf(messages);
        messages.clear();
        bytes = 0;
        return all;
    }
}
