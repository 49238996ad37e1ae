package io.github.robotstream;

/**
 * How fast a client may ask, as two token buckets. Requests (publish, subscribe, unsubscribe) beyond their number are not done: the client
 * is told {@code rate_limited}, and when to come again. Bytes beyond theirs are not lost: the broker reads from the client more slowly.
 * Immutable.
 */
public final class RequestRate {
    private static final int MOST = 1_000_000;

    private final int requestsPerSecond;
    private final int burst;
    private final int bytesPerSecond;

    private RequestRate(int requestsPerSecond, int burst, int bytesPerSecond) {
        this.requestsPerSecond = requestsPerSecond;
        this.burst = burst;
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * A rate with twice as many requests at once, and 2 MiB a second.
     *
     * @param requests how many requests a second, 1 to 1,000,000
     * @return the rate
     * @throws IllegalArgumentException if the value is out of range
     */
    public static RequestRate perSecond(int requests) {
        Range.check("requestsPerSecond", requests, 1, MOST);
        return new RequestRate(requests, 2 * requests, 2 << 20);
    }

    /**
     * No limit worth the name, for clients that are trusted as much as robot code is.
     *
     * @return the rate
     */
    public static RequestRate unlimited() {
        return new RequestRate(MOST, 2 * MOST, Integer.MAX_VALUE);
    }

    /**
     * This rate with another burst.
     *
     * @param requests how many requests may come at once after a pause, 1 to 2,000,000
     * @return the rate
     * @throws IllegalArgumentException if the value is out of range
     */
    public RequestRate burst(int requests) {
        return new RequestRate(requestsPerSecond, (int) Range.check("burst", requests, 1, 2 * MOST), bytesPerSecond);
    }

    /**
     * This rate with another number of bytes. What comes within a second may come at once, and so may one message of any size.
     *
     * @param bytes how many bytes of messages, pings and pongs a second, each with 256 more than it has; at least 1024
     * @return the rate
     * @throws IllegalArgumentException if the value is out of range
     */
    public RequestRate bytesPerSecond(int bytes) {
        return new RequestRate(
                requestsPerSecond, burst, (int) Range.check("bytesPerSecond", bytes, 1024, Integer.MAX_VALUE));
    }

    /** {@return how many requests a second} */
    public int requestsPerSecond() {
        return requestsPerSecond;
    }

    /** {@return how many requests at once after a pause} */
    public int burst() {
        return burst;
    }

    /** {@return how many bytes of messages a second} */
    public int bytesPerSecond() {
        return bytesPerSecond;
    }

    @Override
    public String toString() {
        return "RequestRate[" + requestsPerSecond + "/s, burst " + burst + ", " + bytesPerSecond + " bytes/s]";
    }
}
