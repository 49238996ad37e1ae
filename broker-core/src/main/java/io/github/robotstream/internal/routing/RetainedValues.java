package io.github.robotstream.internal.routing;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds the bytes of last values; broker thread. Where it is too much, values of topics that robot code did not declare are
 * forgotten, the one that was published longest ago first. Declared topics keep theirs whatever it comes to.
 */
final class RetainedValues {
    private final long maxBytes;
    private long bytes;
    /** Topics whose value may be forgotten, the oldest value first; some may have been declared since. */
    private final Map<TopicState, Boolean> oldestFirst = new LinkedHashMap<>(16, 0.75f, true);

    RetainedValues(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Keeps a message as its topic's last value. */
    void keep(TopicState topic, RoutedMessage message) {
        bytes += message.envelope().size() - size(topic);
        topic.latest(message);
        if (!topic.isPermanent()) {
            oldestFirst.put(topic, true);
        }
        if (bytes > maxBytes) {
            forgetOldest();
        }
    }

    /** Forgets a topic's last value, if it has one. */
    void forget(TopicState topic) {
        oldestFirst.remove(topic);
        bytes -= size(topic);
        topic.latest(null);
    }

    private void forgetOldest() {
        Iterator<TopicState> oldest = oldestFirst.keySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            TopicState topic = oldest.next();
            oldest.remove();
            if (!topic.isPermanent()) {
                bytes -= size(topic);
                topic.latest(null);
            }
        }
    }

    private static long size(TopicState topic) {
        RoutedMessage latest = topic.retained();
        return latest == null ? 0 : latest.envelope().size();
    }
}
