package io.github.robotstream.internal.routing;

import org.jspecify.annotations.Nullable;

/**
 * Messages of one topic that leave a queue one after the other in a flush, so that they are counted together, each as old as the first: a
 * message more costs a comparison. Broker thread.
 */
final class SentRun {
    private @Nullable TopicState topic;
    private int messages;
    private long arrivedNanos; // of the first
    private boolean isLive;

    /** One more has left. */
    void add(RoutedMessage message, RemoteSubscriber owner, long nowNanos) {
        if (message.topic() != topic || !isLive) {
            end(nowNanos);
            topic = message.topic();
            arrivedNanos = message.arrivedNanos();
            isLive = !owner.isRetained(message);
        }
        messages++;
    }

    /** Counts those that have left. */
    void end(long nowNanos) {
        TopicState of = topic;
        if (of != null) {
            of.tally.queued(-messages);
            if (isLive) {
                of.tally.sent(messages, nowNanos - arrivedNanos, nowNanos);
            }
            topic = null;
            messages = 0;
        }
    }
}
