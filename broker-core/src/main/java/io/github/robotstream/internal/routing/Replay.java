package io.github.robotstream.internal.routing;

import java.util.ArrayDeque;

/**
 * The last values that a subscription is still to be sent, as its queue has room: those up to a certain message, as what comes
 * later is live. Where a live message comes first, the value before it is sent at once; of topics that keep several messages,
 * live ones wait here behind those. Broker thread.
 */
final class Replay {
    private final RemoteSubscriber subscriber;
    private final long upTo;
    private final TopicScan scan;
    /** What is left of topics that keep several messages, and live messages behind it, which were counted as offered already. */
    private final ArrayDeque<RoutedMessage> recent = new ArrayDeque<>();

    /** {@code upTo} is the ordinal of the last message that was routed. */
    Replay(RemoteSubscriber subscriber, TopicTable topics, long upTo) {
        this.subscriber = subscriber;
        this.upTo = upTo;
        this.scan = new TopicScan(subscriber.filter());
        for (TopicState topic : topics.builtIns()) {
            if (subscriber.filter().matches(topic.name())) {
                recent.addAll(topic.toReplay());
            }
        }
    }

    /** Has values sent, as far as the queue has room; returns whether those were all. */
    boolean goOn(TopicTable topics, DeliveryQueue queue) {
        while (!recent.isEmpty() || !scan.hasEnded()) {
            if (queue.isHalfFull() || !queue.work().take(1)) {
                return false;
            }
            RoutedMessage next = recent.poll();
            if (next != null) {
                offer(next, queue);
            } else {
                offerNextTopic(topics, queue);
            }
        }
        return true;
    }

    private void offer(RoutedMessage message, DeliveryQueue queue) {
        if (isLive(message)) {
            queue.offer(subscriber, message);
        } else {
            queue.offerRetained(subscriber, message);
        }
    }

    private void offerNextTopic(TopicTable topics, DeliveryQueue queue) {
        TopicState topic = scan.look(topics);
        if (topic != null && !topic.keepsSeveral()) {
            offerLatest(topic, queue);
        }
    }

    private void offerLatest(TopicState topic, DeliveryQueue queue) {
        RoutedMessage latest = topic.latest();
        if (latest != null && !isLive(latest)) {
            queue.offerRetained(subscriber, latest);
        }
    }

    private boolean isLive(RoutedMessage message) {
        return message.ordinal() > upTo;
    }

    /** Sends a topic's last value, if its turn had not come; live messages of the topic are about to follow. */
    void hurry(TopicState topic, DeliveryQueue queue) {
        if (!topic.keepsSeveral() && scan.isToCome(topic.name())) {
            offerLatest(topic, queue);
        }
    }

    /** Has a live message wait behind older ones of its topic that are still to be sent; false if there are none. */
    boolean defers(RoutedMessage live, DeliveryQueue queue) {
        if (recent.isEmpty() || !live.topic().keepsSeveral()) {
            return false;
        }
        recent.add(live);
        if (recent.size() > 2 * live.topic().recentLimit()) {
            queue.loseDeferred(subscriber, isLive(recent.remove()));
        }
        return true;
    }

    /** The live messages that wait, which nobody sends any more. */
    Iterable<RoutedMessage> end() {
        recent.removeIf(message -> !isLive(message));
        return recent;
    }
}
