package io.github.robotstream.internal.session;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Turn;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Ends the wait for a verifier. The time is kept by the broker thread, so that it is the broker's clock that counts. */
final class AccessTimeLimit extends Turn {
    private final BrokerLoop loop;
    private final long nanos;
    private final Runnable onTimeout;
    private volatile boolean over;
    private volatile @Nullable Future<?> verification;
    private BrokerLoop.@Nullable Timer timer;

    AccessTimeLimit(BrokerLoop loop, long nanos, Runnable onTimeout) {
        this.loop = loop;
        this.nanos = nanos;
        this.onTimeout = onTimeout;
    }

    /** The verification is under way. */
    void begin(Future<?> future) {
        verification = future;
        loop.attend(this);
    }

    /** The verification is over. */
    void isOver() {
        over = true;
        loop.attend(this);
    }

    @Override
    protected boolean take() {
        if (over) {
            if (timer != null) {
                loop.cancel(timer);
            }
        } else if (timer == null) {
            timer = loop.schedule(nanos, this::end);
        }
        return false;
    }

    private void end() {
        Future<?> running = verification;
        if (!over) {
            onTimeout.run();
            if (running != null) {
                running.cancel(true);
            }
        }
    }
}
