package io.github.robotstream.internal.routing;

import java.util.Locale;

/** Why a message did not reach a subscriber. */
public enum LossCause {
    /** The subscriber was slow and its queue was full. */
    QUEUE_FULL,
    /** The subscriber did not keep up, and a newer message of its topic took the place of the one that waited. */
    SUPERSEDED,
    /** All queues together were full, and this subscriber's was the largest. */
    ALL_QUEUES_FULL,
    /** Robot code published faster than the broker's thread could take it. */
    PUBLISH_QUEUE_FULL,
    /** The message was too old when it could have been sent: older than the client or listener asked for, or long followed by a newer value. */
    TOO_OLD,
    /** The message was larger than a client takes. */
    TOO_LARGE,
    /** The subscription or its session ended while the message waited. */
    ENDED;

    /** {@return what it is called in {@code $stats}, in {@code /metrics}, in the log and by {@code BrokerStats}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
