package io.github.robotstream.internal.session;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session's time, and the warning before it. Kept on the monotonic clock, so a wall clock that is set back does
 * not put it off; one that is set ahead brings it nearer. Broker thread.
 */
final class Expiry {
    private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();
    /** Times in nanoseconds reach no further than 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Consumer<Duration> onWarning;
    private final Runnable onEnd;
    private @Nullable Instant end;
    private long endNanos;
    private boolean warns;
    private boolean hasWarned;
    private Timers.@Nullable Timer timer;

    /**
     * No end yet.
     *
     * @param onWarning told how much is left, once for each end
     */
    Expiry(BrokerClock clock, BrokerLoop loop, Consumer<Duration> onWarning, Runnable onEnd) {
        this.clock = clock;
        this.loop = loop;
        this.onWarning = onWarning;
        this.onEnd = onEnd;
    }

    /** Begins anew with another end, or with none. */
    void at(Optional<Instant> other) {
        end = other.orElse(null);
        hasWarned = false;
        if (end != null) {
            endNanos = clock.nanoTime() + nanosUntil(end);
        }
        setTimer();
    }

    /** From now on a warning comes a minute before the end; at once if it is nearer. */
    void announce() {
        warns = true;
        setTimer();
    }

    /** Ends it now if its end has come, though the timer was not done yet. */
    void endIfDue() {
        if (timer != null && nanosLeft() == 0) {
            cancel();
            onEnd.run();
        }
    }

    /** The wall clock was set: what is left by it counts, if it is less. */
    void lookAgain() {
        if (end != null) {
            long left = nanosUntil(end);
            if (left < nanosLeft()) {
                endNanos = clock.nanoTime() + left;
                setTimer();
            }
        }
    }

    private long nanosUntil(Instant instant) {
        Duration left = Duration.between(clock.now(), instant);
        return left.isNegative() ? 0 : (left.compareTo(LONGEST) > 0 ? LONGEST : left).toNanos();
    }

    private long nanosLeft() {
        return Math.max(0, endNanos - clock.nanoTime());
    }

    private void setTimer() {
        cancel();
        if (end != null) {
            long warning = warns && !hasWarned ? WARNING_NANOS : 0;
            timer = loop.schedule(Math.max(0, nanosLeft() - warning), this::isDue);
        }
    }

    private void isDue() {
        timer = null;
        long left = nanosLeft();
        if (left == 0) {
            onEnd.run();
        } else {
            hasWarned = true;
            onWarning.accept(Duration.ofNanos(left));
            setTimer();
        }
    }

    /** How long until then; empty if there is no end. */
    Optional<Duration> left() {
        return end == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanosLeft()));
    }

    void cancel() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
    }
}
