package io.github.robotstream.bench;

import java.util.Arrays;

/** Times in nanoseconds, in memory taken beforehand; what has no room is left out. One thread. */
final class Samples {
    private final long[] nanos;
    private int count;

    Samples(int most) {
        nanos = new long[most];
    }

    void add(long value) {
        if (count < nanos.length) {
            nanos[count++] = value;
        }
    }

    /** The mean, then these percentiles, then the largest, in microseconds and with a space between. */
    String micros(double... percentiles) {
        Arrays.sort(nanos, 0, count);
        StringBuilder text = new StringBuilder(
                micros(Arrays.stream(nanos, 0, count).average().orElse(0)));
        for (double percentile : percentiles) {
            int at = Math.min(count - 1, (int) (count * percentile / 100));
            text.append(' ').append(count == 0 ? "-" : micros((double) nanos[at]));
        }
        return text.append(' ')
                .append(count == 0 ? "-" : micros((double) nanos[count - 1]))
                .toString();
    }

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    private static String micros(double value) {
        return String.format("%.1f", value / 1000);
    }
}
