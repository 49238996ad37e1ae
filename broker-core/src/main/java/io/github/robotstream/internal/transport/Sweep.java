package io.github.robotstream.internal.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks after all connections, again and again while there are any: one task for all, which makes nothing anew.
 *
 * <p>Its clock goes on by at most two periods from one look to the next. If this process stood still meanwhile, clients are not to blame
 * for what was not read: that waits in their sockets, and has time to be read before the second look.
 */
final class Sweep {
    private final Duration period;
    private final Tasks tasks;
    private final OpenConnections open;
    private final FaultLog faults;
    private final AtomicBoolean goesOn = new AtomicBoolean();

    private final List<SocketConnection> seen = new ArrayList<>(); // these by the task only
    private long lookedAt;
    private long now;

    Sweep(Duration period, Tasks tasks, OpenConnections open, FaultLog faults) {
        this.period = period;
        this.tasks = tasks;
        this.open = open;
        this.faults = faults;
        this.lookedAt = tasks.nanoTime();
    }

    /** There is somebody to look after. Any thread. */
    void begin() {
        if (!goesOn.get() && goesOn.compareAndSet(false, true)) {
            later();
        }
    }

    private void later() {
        try {
            tasks.after(period, this::look);
        } catch (RejectedExecutionException theTransportIsClosed) {
            goesOn.set(false);
        }
    }

    private void look() {
        long clock = tasks.nanoTime();
        now += Math.min(clock - lookedAt, 2 * period.toNanos());
        lookedAt = clock;
        open.copyTo(seen);
        seen.forEach(this::lookAfter);
        boolean none = seen.isEmpty();
        seen.clear();
        if (none) {
            goesOn.set(false);
            if (open.count() > 0) {
                begin(); // one came in after the look, and found this still going on
            }
        } else {
            later();
        }
    }

    private void lookAfter(SocketConnection connection) {
        try {
            connection.lookAfter(now);
        } catch (Throwable fault) {
            faults.report("a connection could not be looked after, and is cut off", fault);
            connection.cut();
        }
    }
}
