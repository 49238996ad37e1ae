package io.github.robotstream.internal.session;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of a session's time. Kept on the monotonic clock, so a wall clock that is set back does not put it off. Broker thread. */
final class Expiry {
    /** Times in nanoseconds reach no further than 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Runnable onEnd;
    private boolean ends;
    private long endNanos;
    private Timers.@Nullable Timer timer;

    Expiry(BrokerClock clock, BrokerLoop loop, Runnable onEnd) {
        this.clock = clock;
        this.loop = loop;
        this.onEnd = onEnd;
    }

    /** Begins anew with another end, or with none. */
    void at(Optional<Instant> end) {
        cancel();
        ends = end.isPresent();
        end.ifPresent(this::begin);
    }

    private void begin(Instant end) {
        Duration left = Duration.between(clock.now(), end);
        endNanos = clock.nanoTime() + (left.compareTo(LONGEST) > 0 ? LONGEST : left).toNanos();
        timer = loop.schedule(Math.max(0, nanosLeft()), onEnd);
    }

    private long nanosLeft() {
        return endNanos - clock.nanoTime();
    }

    /** How long until then; empty if there is no end. */
    Optional<Duration> left() {
        return ends ? Optional.of(Duration.ofNanos(Math.max(0, nanosLeft()))) : Optional.empty();
    }

    void cancel() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
    }
}
