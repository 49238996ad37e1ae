package io.github.robotstream.internal.protocol;

/** What a full queue does with one message more. What is lost is counted and told, whichever it is. */
public enum OverflowPolicy {
    /** The oldest message in the queue gives way: the subscriber stays as fresh as it can. The default. */
    DROP_OLDEST,
    /** The new message is lost: the subscriber sees an unbroken beginning. */
    DROP_NEWEST
}
