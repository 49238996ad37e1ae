package io.github.robotstream.internal.protocol;

/**
 * Where a client stopped: the last message of a topic that it has.
 *
 * @param epoch of the topic's numbers
 * @param sequence from 0, which is before all
 */
public record Position(String epoch, long sequence) {
    /** So many characters an epoch has at the most; ours are shorter, those of a store may be its own. */
    static final int MAX_EPOCH_CHARACTERS = 64;
}
