package io.github.robotstream.spi;

import io.github.robotstream.Message;

/** A message in the store in memory; each is equal to itself alone. */
final class KeptMessage {
    /** Counts for the objects around the text, so that many small messages are bounded too. */
    static final int OVERHEAD = 256;

    final Message message;
    final KeptTopic topic;
    final long weight;

    KeptMessage(Message message, KeptTopic topic) {
        this.message = message;
        this.topic = topic;
        this.weight = (long) message.payload().json().length()
                + message.payload().name().length()
                + message.payload().type().length()
                + OVERHEAD;
    }
}
