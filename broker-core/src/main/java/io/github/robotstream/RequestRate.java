package io.github.robotstream;

/**
 * How fast a client may ask, as two token buckets. Requests (publish, subscribe, unsubscribe) beyond their number are not done: the client
 * is told {@code rate_limited}, and when to come again. Bytes beyond theirs are not lost: the broker reads from the client more slowly.
 * A value out of range is an {@link IllegalArgumentException}. Immutable.
 *
 * <pre>{@code
 * RobotStreamBroker.builder().limits(limits -> limits.requestRate(RequestRate.perSecond(200).burst(400)));
 * }</pre>
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

    /** A rate of 1 to 1,000,000 requests a second, with twice as many at once, and 8 MiB a second. */
    public static RequestRate perSecond(int requests) {
        Range.check("requestsPerSecond", requests, 1, MOST);
        return new RequestRate(requests, 2 * requests, 8 << 20);
    }

    /** No limit worth the name, for clients that are trusted as much as robot code is. */
    public static RequestRate unlimited() {
        return new RequestRate(MOST, 2 * MOST, Integer.MAX_VALUE);
    }

    /** This rate with another burst: how many requests may come at once after a pause, 1 to 2,000,000. */
    public RequestRate burst(int requests) {
        return new RequestRate(requestsPerSecond, (int) Range.check("burst", requests, 1, 2 * MOST), bytesPerSecond);
    }

    /**
     * This rate with another number of bytes a second, at least 1024, of messages, pings and pongs, each with 256 more than it has. What comes
     * within a second may come at once, and so may one message of any size.
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
