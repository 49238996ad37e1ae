package io.github.robotstream.internal.routing;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of those topics that keep several. Where they take too much memory, the topic that has most bytes loses its oldest: one
 * with large messages does not push out what others keep. Broker thread.
 */
final class Histories {
    private final Set<TopicState> keepers = new LinkedHashSet<>();
    private long bytes;
    /** The topic that loses, and at how many bytes another one is looked for. */
    private @Nullable TopicState loser;

    private long loserBytes;

    long bytes() {
        return bytes;
    }

    /** Keeps a message of a topic that has just been given it, if the topic keeps several. */
    void keep(TopicState topic, RoutedMessage message) {
        int limit = topic.historyLimit();
        if (limit == 0) {
            end(topic);
            return;
        }
        TopicHistory history = topic.history;
        if (history == null) {
            history = begin(topic, message.sequence() - 1);
        }
        while (history.size() >= limit) {
            removeOldest(history);
        }
        history.add(message);
        bytes += TopicHistory.bytesOf(message);
    }

    private TopicHistory begin(TopicState topic, long floor) {
        TopicHistory history = new TopicHistory(floor);
        topic.history = history;
        keepers.add(topic);
        return history;
    }

    private void removeOldest(TopicHistory history) {
        bytes -= history.bytes();
        history.removeOldest();
        bytes += history.bytes();
    }

    /** Has a topic keep its messages for somebody who reads them, from its last value on. */
    void acquire(TopicState topic) {
        topic.historyReaders++;
        if (topic.history == null) {
            RoutedMessage latest = topic.latest();
            if (latest == null) {
                begin(topic, topic.sequence);
            } else {
                keep(topic, latest);
            }
        }
    }

    /** That reader has done. */
    void release(TopicState topic) {
        topic.historyReaders--;
        if (topic.historyLimit() == 0 || topic.forgotten) {
            end(topic);
        }
    }

    /** Forgets what a topic has kept. */
    void forget(TopicState topic) {
        TopicHistory history = topic.history;
        if (history != null) {
            bytes -= history.bytes();
            history.clear(topic.sequence);
        }
        if (topic.historyReaders == 0) {
            end(topic);
        }
    }

    private void end(TopicState topic) {
        TopicHistory history = topic.history;
        if (history != null) {
            bytes -= history.bytes();
            topic.history = null;
            keepers.remove(topic);
        }
    }

    /** Loses a message; false if there is none. */
    boolean loseOne() {
        TopicState present = loser;
        TopicHistory history = present == null ? null : present.history;
        if (history == null || history.bytes() <= loserBytes) {
            present = largest();
            loser = present;
            history = present == null ? null : present.history;
            loserBytes = history == null ? 0 : history.bytes() / 2;
        }
        if (history == null || history.size() == 0) {
            return false;
        }
        removeOldest(history);
        return true;
    }

    private @Nullable TopicState largest() {
        TopicState largest = null;
        long most = -1;
        for (TopicState topic : keepers) {
            TopicHistory history = topic.history;
            if (history != null && history.bytes() > most) {
                largest = topic;
                most = history.bytes();
            }
        }
        return largest;
    }
}
