package io.github.robotstream.internal.loop;

import io.github.robotstream.internal.time.BrokerClock;
import org.jspecify.annotations.Nullable;

/** Has one thing done at the earliest of the times that were asked for. Broker thread. */
public final class DueTimer extends LoopTask {
    private final BrokerLoop loop;
    private final BrokerClock clock;
    private final Runnable action;
    private Timers.@Nullable Timer timer;
    private long atNanos;

    /** Nothing is asked for. */
    public DueTimer(BrokerLoop loop, BrokerClock clock, Runnable action) {
        this.loop = loop;
        this.clock = clock;
        this.action = action;
    }

    /** Asks for a time of the monotonic clock; once it has come, everything that was asked for is done. Throws nothing. */
    public void at(long nanos) {
        if (timer != null && atNanos - nanos <= 0) {
            return;
        }
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
        atNanos = nanos;
        try {
            schedule();
        } catch (OutOfMemoryError passing) {
            loop.wake(this);
        }
    }

    private void schedule() {
        timer = loop.schedule(Math.max(0, atNanos - clock.nanoTime()), () -> {
            timer = null;
            action.run();
        });
    }

    /** Tries once more to have it done. */
    @Override
    protected boolean take() {
        if (timer == null) {
            schedule();
        }
        return false;
    }
}
