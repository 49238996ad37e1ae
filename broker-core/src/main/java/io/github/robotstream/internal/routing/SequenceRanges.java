package io.github.robotstream.internal.routing;

import java.util.ArrayDeque;

/** A set of numbers that come in rising order, kept as ranges: each number that is left out begins another. */
final class SequenceRanges {
    private static final class Range {
        long from;
        long to;

        Range(long number) {
            from = number;
            to = number;
        }

        long size() {
            return to - from + 1;
        }
    }

    private final ArrayDeque<Range> ranges = new ArrayDeque<>(2);

    /** Adds a number that is higher than all before. */
    void add(long number) {
        Range last = ranges.peekLast();
        if (last != null && last.to + 1 == number) {
            last.to = number;
        } else {
            ranges.add(new Range(number));
        }
    }

    int ranges() {
        return ranges.size();
    }

    /** Takes out the lowest range; returns how many numbers it had. */
    long removeFirst() {
        return ranges.remove().size();
    }

    /** Takes out all lower numbers; returns how many there were. */
    long removeBelow(long number) {
        long removed = 0;
        for (Range first = ranges.peek(); first != null && first.from < number; first = ranges.peek()) {
            if (first.to < number) {
                removed += removeFirst();
            } else {
                removed += number - first.from;
                first.from = number;
            }
        }
        return removed;
    }

    /** Whether it holds a number, lower than which there are none. */
    boolean contains(long number) {
        Range first = ranges.peek();
        return first != null && first.from == number;
    }
}
