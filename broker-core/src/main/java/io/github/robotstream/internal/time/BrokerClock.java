package io.github.robotstream.internal.time;

import java.time.Instant;

/**
 * The two clocks of the broker. Ages, rates and time limits use the monotonic one; the wall clock, which may step, is for
 * time stamps and for the expiry of tokens.
 */
public interface BrokerClock {
    /** Nanoseconds of a clock that never steps; only differences mean anything, as with {@link System#nanoTime()}. */
    long nanoTime();

    /** The wall clock. */
    Instant now();

    /** The clocks of this machine. */
    BrokerClock SYSTEM = new BrokerClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    };
}
