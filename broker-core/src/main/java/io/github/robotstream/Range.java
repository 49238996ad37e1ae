package io.github.robotstream;

import java.time.Duration;
import java.util.Objects;

/** Checks settings when they are set. */
final class Range {
    private static final double LEAST_RATE = 0.01;
    private static final double MOST_RATE = 10_000;

    private Range() {}

    static long check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }

    /** Messages a second, as far as clients may ask for them too. */
    static double checkRate(String name, double hz) {
        if (!(hz >= LEAST_RATE && hz <= MOST_RATE)) {
            throw new IllegalArgumentException(
                    name + " is " + hz + ": it has to be " + LEAST_RATE + " to " + MOST_RATE + " a second");
        }
        return hz;
    }

    static void checkNoNull(String name, String[] values) {
        for (String value : Objects.requireNonNull(values, name)) {
            Objects.requireNonNull(value, name);
        }
    }

    static Duration check(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }
}
