package io.github.robotstream;

import java.time.Instant;
import java.util.Objects;

/**
 * A message as the broker sequenced it. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * broker.subscribe(TopicFilter.of("#"), message -> display.show(
 *         message.topic() + " " + message.sequence() + " by " + message.publisher() + ": " + message.payload().json()));
 * }</pre>
 *
 * @param topic the topic's name
 * @param payload what was published: the {@code data} object
 * @param epoch the numbering that {@code sequence} belongs to. It changes when the numbering restarts: with a broker that has no
 *     store, or when a topic is cleared
 * @param sequence the message's number, from 1: one more than that of the message before it in the same topic and epoch. A gap
 *     says that messages were lost before they could be numbered. 0, in no epoch, for the safe value of a
 *     {@linkplain TopicSettings#watchdog watchdog}, which listeners get before it has a number
 * @param time when the broker took it, by the wall clock, which may step, to the microsecond
 * @param publisher who published it: a principal's name, or {@code robot} for Java code
 */
public record Message(String topic, Payload payload, String epoch, long sequence, Instant time, String publisher) {
    /** Refuses null. */
    public Message {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(publisher, "publisher");
    }

    @Override
    public String toString() {
        return "Message[" + topic + " " + epoch + ":" + sequence + " from " + publisher + ", " + payload + "]";
    }
}
