package io.github.robotstream.internal.transport.connection;

/**
 * The marks of a {@link ReadWindow} that are on their way, by their numbers from 0. Most clients have one on its way, so
 * the memory is for one at first and grows to {@link #MOST}. Not thread-safe.
 */
final class Marks {
    static final int MOST = 8; // on their way

    private static final int FIELDS = 4;
    private static final int AT = 0;
    private static final int SENT = 1;
    private static final int UNREAD = 2;
    private static final int STAMP = 3;

    private long[] ring = {}; // its length a power of two, once there is one
    private long oldest;
    private long next;
    private long lastSent; // before the last mark; asked for with each message

    /** Adds one on its way, and gives its number; there is room. */
    long add(long now, long sent, long unread, long stamp) {
        if ((next - oldest) * FIELDS == ring.length) {
            grow();
        }
        int place = place(next, ring);
        ring[place + AT] = now;
        ring[place + SENT] = sent;
        ring[place + UNREAD] = unread;
        ring[place + STAMP] = stamp;
        lastSent = sent;
        return next++;
    }

    private void grow() {
        long[] larger = new long[Math.max(FIELDS, 2 * ring.length)];
        for (long number = oldest; number < next; number++) {
            System.arraycopy(ring, place(number, ring), larger, place(number, larger), FIELDS);
        }
        ring = larger;
    }

    private static int place(long number, long[] ring) {
        return (int) (number * FIELDS) & (ring.length - 1);
    }

    /** This one is answered, and so are those before it. */
    void answered(long number) {
        oldest = number + 1;
    }

    boolean isOnItsWay(long number) {
        return number >= oldest && number < next;
    }

    /** {@return whether any is on its way} */
    boolean any() {
        return next > oldest;
    }

    boolean hasRoom() {
        return next - oldest < MOST;
    }

    /** {@return the number of the oldest on its way, or of the next} */
    long oldest() {
        return oldest;
    }

    /** {@return the number of the next} */
    long next() {
        return next;
    }

    /** {@return when a mark on its way was sent} */
    long at(long number) {
        return ring[place(number, ring) + AT];
    }

    /** {@return how many bytes were sent before a mark on its way} */
    long sent(long number) {
        return ring[place(number, ring) + SENT];
    }

    /** {@return how many bytes were sent before the last mark, or 0 before the first} */
    long lastSent() {
        return lastSent;
    }

    /** {@return how many bytes were unread when a mark on its way was sent} */
    long unread(long number) {
        return ring[place(number, ring) + UNREAD];
    }

    long stamp(long number) {
        return ring[place(number, ring) + STAMP];
    }
}
