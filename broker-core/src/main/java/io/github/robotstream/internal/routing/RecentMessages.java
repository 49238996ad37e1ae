package io.github.robotstream.internal.routing;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last messages of a topic, of which those with the same source hold at most a quarter of the places. Broker thread. */
final class RecentMessages {
    private final int limit;
    private final int share;
    private final ArrayDeque<RoutedMessage> messages;
    private final Map<String, Integer> bySource = new HashMap<>();

    RecentMessages(int limit) {
        this.limit = limit;
        this.share = Math.max(1, limit / 4);
        // As large as it will get: one that finds no memory to grow would forget what it holds.
        this.messages = new ArrayDeque<>(limit + 1);
    }

    /** Keeps a message in the place of the one that has to go for it. */
    void add(RoutedMessage message) {
        String source = message.source();
        if (source != null && bySource.getOrDefault(source, 0) == share) {
            removeOldestOf(source);
        } else if (messages.size() == limit) {
            forget(messages.remove());
        }
        messages.add(message);
        if (source != null) {
            bySource.merge(source, 1, Integer::sum);
        }
    }

    private void removeOldestOf(String source) {
        for (Iterator<RoutedMessage> each = messages.iterator(); each.hasNext(); ) {
            RoutedMessage message = each.next();
            if (source.equals(message.source())) {
                each.remove();
                forget(message);
                return;
            }
        }
    }

    private void forget(RoutedMessage message) {
        @Nullable String source = message.source();
        if (source != null) {
            bySource.computeIfPresent(source, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    /** All that are kept, oldest first; a view. */
    Collection<RoutedMessage> all() {
        return Collections.unmodifiableCollection(messages);
    }
}
