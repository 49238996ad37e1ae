package io.github.robotstream.client;

import java.util.function.LongSupplier;

/**
 * Reckons the broker's {@code mono} (microseconds since its start) from answers to ping. Of the last eight the one that came back
 * soonest counts: its error is at most half its round trip. Any thread may read it.
 */
final class RobotClock {
    private static final int SAMPLES = 8;

    private final LongSupplier nanos;
    private final long[] roundTrips = new long[SAMPLES];
    private final long[] offsets = new long[SAMPLES];
    private int taken;
    private volatile long offsetMicros;

    RobotClock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** Takes an answer in that comes now; on one thread. */
    void sample(long askedNanos, long mono) {
        long now = nanos();
        int place = taken++ % SAMPLES;
        roundTrips[place] = now - askedNanos;
        offsets[place] = mono - (askedNanos + (now - askedNanos) / 2) / 1000;
        int best = 0;
        for (int i = 1; i < Math.min(taken, SAMPLES); i++) {
            best = roundTrips[i] < roundTrips[best] ? i : best;
        }
        offsetMicros = offsets[best];
    }

    long mono() {
        return nanos() / 1000 + offsetMicros;
    }
}
