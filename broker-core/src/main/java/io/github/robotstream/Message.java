package io.github.robotstream;

import java.time.Instant;

/** A message as the broker sequenced it. Immutable and safe for use by several threads. */
public final class Message {
    private final String topic;
    private final Payload payload;
    private final String epoch;
    private final long sequence;
    private final Instant time;
    private final String publisher;

    /**
     * A message.
     *
     * @param topic the topic's name
     * @param payload what was published
     * @param epoch the numbering that {@code sequence} belongs to
     * @param sequence the message's number in its topic and epoch, from 1
     * @param time when the broker took it, by the wall clock, to the microsecond
     * @param publisher who published it: a principal's name, or {@code robot} for Java code
     */
    public Message(String topic, Payload payload, String epoch, long sequence, Instant time, String publisher) {
        this.topic = topic;
        this.payload = payload;
        this.epoch = epoch;
        this.sequence = sequence;
        this.time = time;
        this.publisher = publisher;
    }

    /**
     * Where it was published.
     *
     * @return the topic's name
     */
    public String topic() {
        return topic;
    }

    /**
     * What was published.
     *
     * @return the {@code data} object
     */
    public Payload payload() {
        return payload;
    }

    /**
     * The numbering that {@link #sequence()} belongs to. It changes when the numbering restarts: with a broker that has
     * no store, or when a topic is cleared.
     *
     * @return a short word
     */
    public String epoch() {
        return epoch;
    }

    /**
     * The message's number: one more than that of the message before it in the same topic and epoch. A gap says that
     * messages were lost before they could be numbered.
     *
     * @return a number from 1
     */
    public long sequence() {
        return sequence;
    }

    /**
     * When the broker took it, by the wall clock, which may step.
     *
     * @return the time, to the microsecond
     */
    public Instant time() {
        return time;
    }

    /**
     * Who published it.
     *
     * @return a principal's name, or {@code robot} for Java code
     */
    public String publisher() {
        return publisher;
    }

    @Override
    public String toString() {
        return "Message[" + topic + " " + epoch + ":" + sequence + " from " + publisher + ", " + payload + "]";
    }
}
