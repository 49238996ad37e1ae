package io.github.robotstream.internal.routing;

import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of last values and of histories together; broker thread. Where it is too much, histories lose first, see {@link Histories};
 * then values of topics that robot code did not declare are forgotten, the one that was published longest ago first. Declared topics keep
 * theirs whatever it comes to.
 *
 * <p>Those that may be forgotten are linked through their topics, the oldest value first; some may have been declared since. A map in the order of
 * use in place of the links makes a delivery on one of 1,000 topics dearer by a sixth, see docs/benchmarks.md.
 */
final class RetainedValues {
    private final long maxBytes;
    private long bytes;
    private final Histories histories = new Histories();
    private @Nullable TopicState oldest;
    private @Nullable TopicState newest;

    RetainedValues(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Keeps a message as its topic's last value. */
    void keep(TopicState topic, RoutedMessage message) {
        bytes += message.envelope().size() - size(topic);
        topic.latest(message);
        if (topic != newest && !topic.isPermanent()) {
            unlink(topic);
            append(topic);
        }
        histories.keep(topic, message);
        makeRoom();
    }

    private void makeRoom() {
        while (bytes + histories.bytes() > maxBytes && histories.loseOne()) {}
        while (bytes > maxBytes && oldest != null) {
            forgetOldest(oldest);
        }
    }

    /** Has a topic keep its messages until {@link #release}, from its last value on; one that keeps them anyway goes on. */
    void acquire(TopicState topic) {
        histories.acquire(topic);
        makeRoom();
    }

    void release(TopicState topic) {
        histories.release(topic);
    }

    /** Forgets a topic's last value, if it has one, and its history. */
    void forget(TopicState topic) {
        histories.forget(topic);
        unlink(topic);
        bytes -= size(topic);
        topic.latest(null);
    }

    private void forgetOldest(TopicState topic) {
        if (topic.isPermanent()) {
            unlink(topic);
        } else {
            forget(topic);
        }
    }

    private void append(TopicState topic) {
        TopicState before = newest;
        topic.olderValue = before;
        if (before == null) {
            oldest = topic;
        } else {
            before.newerValue = topic;
        }
        newest = topic;
    }

    /** Does nothing to a topic that is not linked. */
    private void unlink(TopicState topic) {
        TopicState older = topic.olderValue;
        TopicState newer = topic.newerValue;
        if (older != null) {
            older.newerValue = newer;
        } else if (topic == oldest) {
            oldest = newer;
        }
        if (newer != null) {
            newer.olderValue = older;
        } else if (topic == newest) {
            newest = older;
        }
        topic.olderValue = null;
        topic.newerValue = null;
    }

    private static long size(TopicState topic) {
        RoutedMessage latest = topic.retained();
        return latest == null ? 0 : latest.envelope().size();
    }
}
