package io.github.robotstream.internal.access;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.LoopTask;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends the wait for a verifier, {@value #SECONDS} seconds after the client has come. The time is kept by the broker thread, so
 * that it is the broker's clock that counts.
 */
final class AccessTimeLimit extends LoopTask {
    static final int SECONDS = 5;

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final long deadlineNanos;
    private final BooleanSupplier giveUp;
    private volatile boolean over;
    private volatile @Nullable Future<?> verification;
    private Timers.@Nullable Timer timer;

    /**
     * A limit that counts from now.
     *
     * @param giveUp what is done when the time is over; false if the client has its verdict all the same
     */
    AccessTimeLimit(BrokerClock clock, BrokerLoop loop, BooleanSupplier giveUp) {
        this.clock = clock;
        this.loop = loop;
        this.deadlineNanos = clock.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        this.giveUp = giveUp;
    }

    /** The verification is under way; any thread. */
    void begin(Future<?> future) {
        verification = future;
        loop.wake(this);
    }

    /** The verification is over; any thread. */
    void isOver() {
        over = true;
        loop.wake(this);
    }

    @Override
    protected boolean take() {
        if (over) {
            if (timer != null) {
                loop.cancel(timer);
            }
        } else if (timer == null) {
            timer = loop.schedule(Math.max(0, deadlineNanos - clock.nanoTime()), this::end);
        }
        return false;
    }

    private void end() {
        Future<?> running = verification;
        // Interrupted only if its verdict is not wanted any more: an interrupt while it is written would close the
        // socket.
        if (!over && giveUp.getAsBoolean() && running != null) {
            running.cancel(true);
        }
    }
}
