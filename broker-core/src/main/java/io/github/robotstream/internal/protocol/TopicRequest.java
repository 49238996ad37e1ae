package io.github.robotstream.internal.protocol;

/** A request about a topic. Immutable. */
public sealed interface TopicRequest extends Request permits Subscribe, Unsubscribe, Publish {
    /** The topic, or topic filter, that it is about. */
    String topic();
}
