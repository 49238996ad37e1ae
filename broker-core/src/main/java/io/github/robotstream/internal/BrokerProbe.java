package io.github.robotstream.internal;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.LoopTask;
import io.github.robotstream.internal.transport.WatchedThread;
import java.util.Optional;

/** Asks the broker thread whether it goes on, by a turn like others have. */
final class BrokerProbe extends LoopTask implements WatchedThread {
    private final BrokerLoop loop;
    private volatile Optional<Thread> thread = Optional.empty();
    private volatile long answers;
    private long asked;

    BrokerProbe(BrokerLoop loop) {
        this.loop = loop;
    }

    @Override
    protected boolean take() {
        thread = Optional.of(Thread.currentThread());
        answers = asked;
        return false;
    }

    @Override
    public Optional<Thread> thread() {
        return thread;
    }

    @Override
    public long pulse() {
        long now = answers;
        if (asked == now) {
            asked = now + 1;
            loop.wake(this);
        }
        return now;
    }
}
