package io.github.robotstream.client;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: twice as long each time up to 15 s, at random by half. A connection that has lasted for
 * 5 seconds makes it begin anew; one that ends sooner does not, since a full server may let a client in and close at once.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 250;
    private static final long LONGEST_MILLIS = 15_000;
    private static final long LASTING_MILLIS = 5_000;

    private final DoubleSupplier random;
    private long next = FIRST_MILLIS;

    /** @param random from 0 to 1 */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    void lasted(long millis) {
        if (millis >= LASTING_MILLIS) {
            next = FIRST_MILLIS;
        }
    }

    long delayMillis(long atLeast) {
        long longest = next;
        next = Math.min(LONGEST_MILLIS, 2 * longest);
        return atLeast + longest / 2 + (long) (random.getAsDouble() * longest / 2);
    }
}
