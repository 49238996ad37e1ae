package io.github.robotstream;

import java.time.Duration;

/** Checks settings when they are set. */
final class Range {
    private Range() {}

    static long check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }

    static double check(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }

    static Duration check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }
}
