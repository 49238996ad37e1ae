package io.github.robotstream.internal.transport;

import java.time.Duration;

/**
 * How long a client that is in may give no sign of life. Each limit is noticed within {@link #sweepPeriod()} after it is over.
 *
 * @param pingAfter nothing has come for so long: a ping asks whether the client is there
 * @param answerWithin nothing has come for so long since the ping has left: the connection is closed with 4408
 * @param writeStall the socket has taken nothing for so long of what waits for it: the connection is closed with 4408
 */
public record LivenessLimits(Duration pingAfter, Duration answerWithin, Duration writeStall) {
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(20);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

    /** The limits of the protocol's documentation. */
    public static final LivenessLimits USUAL =
            new LivenessLimits(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** A quarter of the shortest limit, a second at most. */
    public Duration sweepPeriod() {
        Duration shortest = shorter(shorter(pingAfter, answerWithin), writeStall);
        Duration quarter = shorter(shortest.dividedBy(4), LONGEST_PERIOD);
        return quarter.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : quarter;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
