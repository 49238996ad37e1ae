package io.github.robotstream.testing;

import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;

/** Two clocks that go on only when a test says so. Safe for use by several threads. */
public final class ManualClock implements BrokerClock {
    /** What the wall clock shows at first. */
    public static final Instant BEGIN = Instant.parse("2026-11-24T05:30:00.123Z");

    // Close below the greatest value, so that comparing instead of subtracting shows in every test.
    private long nanos = Long.MAX_VALUE - 1_000;
    private Instant wall = BEGIN;

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return wall;
    }

    /** Lets time go by on both clocks. */
    public synchronized ManualClock advance(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
        return this;
    }

    /** Steps the wall clock alone, as when somebody sets it. */
    public synchronized ManualClock setWall(Instant time) {
        wall = time;
        return this;
    }

    /** Sets the monotonic clock alone. */
    public synchronized ManualClock setNanos(long time) {
        nanos = time;
        return this;
    }
}
