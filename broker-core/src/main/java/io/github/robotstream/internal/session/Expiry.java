package io.github.robotstream.internal.session;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a session's time. Kept on the monotonic clock, so a wall clock that is set back does not put it off. Broker thread. */
final class Expiry {
    /** Times in nanoseconds reach no further than 292 years; what is later is looked at again. */
    private static final Duration LONGEST_TIMER = Duration.ofDays(365);

    private final BrokerLoop loop;
    private final Runnable onEnd;
    private Timers.@Nullable Timer timer;

    Expiry(BrokerLoop loop, Runnable onEnd) {
        this.loop = loop;
        this.onEnd = onEnd;
    }

    void in(Duration left) {
        if (left.compareTo(LONGEST_TIMER) > 0) {
            timer = loop.schedule(LONGEST_TIMER.toNanos(), () -> in(left.minus(LONGEST_TIMER)));
        } else {
            timer = loop.schedule(Math.max(0, left.toNanos()), onEnd);
        }
    }

    void cancel() {
        if (timer != null) {
            loop.cancel(timer);
        }
    }
}
