package io.github.robotstream;

import java.time.Duration;

/** Refuses values that are out of range, by name. */
final class Ranges {
    private Ranges() {}

    static long inRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }

    static Duration inRange(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ": it has to be " + least + " to " + most);
        }
        return value;
    }
}
