package io.github.robotstream.internal.routing;

import java.util.concurrent.TimeUnit;

/**
 * How many messages a second a topic has: by its numbering now and at the last but one of some looks at it, so a message costs nothing.
 * Broker thread.
 */
final class TopicRate {
    /** A topic that has come into being a moment ago has no rate of a million. */
    private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private boolean begun;
    private long earlierSequence;
    private long earlierNanos;
    private long lastSequence;
    private long lastNanos;

    /** Its numbering begins, or goes on, at this number. */
    void begin(long sequence, long nowNanos) {
        begun = true;
        earlierSequence = sequence;
        earlierNanos = nowNanos;
        lastSequence = sequence;
        lastNanos = nowNanos;
    }

    /** A look at it; {@code sinceNanos} is when it cannot have been there, if this is the first one. */
    void look(long sequence, long nowNanos, long sinceNanos) {
        if (!begun) {
            begin(0, sinceNanos);
        }
        earlierSequence = lastSequence;
        earlierNanos = lastNanos;
        lastSequence = sequence;
        lastNanos = nowNanos;
    }

    /** The rate of the time since the last look but one. */
    double perSecond(long sequence, long nowNanos, long sinceNanos) {
        if (!begun) {
            begin(0, sinceNanos);
        }
        long nanos = Math.max(SHORTEST_NANOS, nowNanos - earlierNanos);
        return (sequence - earlierSequence) * 1e9 / nanos;
    }
}
