package io.github.robotstream.internal;

import java.security.SecureRandom;

/** Words for numberings: short, and different from all before with near certainty. */
final class Epochs {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BITS = 40;

    private Epochs() {}

    static String next() {
        return Long.toString((1L << BITS) | (RANDOM.nextLong() & ((1L << BITS) - 1)), Character.MAX_RADIX);
    }
}
