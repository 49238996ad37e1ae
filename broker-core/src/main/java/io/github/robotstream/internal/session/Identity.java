package io.github.robotstream.internal.session;

/**
 * What a broker tells of itself.
 *
 * @param name what the program calls it
 * @param epoch of this run: another with every start
 * @param startedNanos when it started, on the monotonic clock
 */
public record Identity(String name, String epoch, long startedNanos) {}
