package io.github.robotstream.internal.routing;

import org.jspecify.annotations.Nullable;

/** The last messages of a topic in the order of their numbers, which rise but may have gaps. Broker thread. */
final class TopicHistory {
    /** What a message costs beside its frame, so that many small ones are bounded as well. */
    private static final int BYTES_EACH = 256;

    private static final int FIRST_CAPACITY = 8;

    private @Nullable RoutedMessage[] ring = new @Nullable RoutedMessage[FIRST_CAPACITY]; // a power of two
    private long first;
    private long end;
    private long bytes;
    private long floor;

    /** One that is empty and is to have all messages after this number. */
    TopicHistory(long floor) {
        this.floor = floor;
    }

    /** All messages of the topic with higher numbers are here. */
    long floor() {
        return floor;
    }

    int size() {
        return (int) (end - first);
    }

    long bytes() {
        return bytes;
    }

    static int bytesOf(RoutedMessage message) {
        return BYTES_EACH + message.envelope().size();
    }

    /** Adds a message whose number is higher than all before. */
    void add(RoutedMessage message) {
        if (size() == ring.length) {
            grow();
        }
        ring[index(end)] = message;
        end++;
        bytes += bytesOf(message);
    }

    private void grow() {
        @Nullable RoutedMessage[] larger = new @Nullable RoutedMessage[2 * ring.length];
        for (long place = first; place < end; place++) {
            larger[(int) place & (larger.length - 1)] = ring[index(place)];
        }
        ring = larger;
    }

    /** Forgets the oldest message, if there is one. */
    void removeOldest() {
        if (first < end) {
            RoutedMessage oldest = at(first);
            ring[index(first)] = null;
            first++;
            bytes -= bytesOf(oldest);
            floor = oldest.sequence();
        }
    }

    /** Forgets all, and is to have all messages after this number. */
    void clear(long newFloor) {
        ring = new @Nullable RoutedMessage[FIRST_CAPACITY];
        first = end;
        bytes = 0;
        floor = newFloor;
    }

    /** The first message after a number, or null if there is none. */
    @Nullable
    RoutedMessage after(long sequence) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).sequence() <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < end ? at(low) : null;
    }

    private RoutedMessage at(long place) {
        RoutedMessage message = ring[index(place)];
        if (message == null) {
            throw new AssertionError("a place without a message");
        }
        return message;
    }

    private int index(long place) {
        return (int) place & (ring.length - 1);
    }
}
