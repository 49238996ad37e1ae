package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks after all connections, again and again while there are any: one task for all, which makes nothing anew and goes on whatever happens in it.
 *
 * <p>Its clock goes on by at most two periods from one look to the next. If this process stood still meanwhile, clients are not to blame
 * for what was not read: that waits in their sockets, and has time to be read before the second look.
 */
public final class Sweep {
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(20);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

    private final Duration period;
    private final Tasks tasks;
    private final OpenConnections open;
    private final FaultLog faults;
    private final AtomicBoolean goesOn = new AtomicBoolean();

    private final List<SocketConnection> seen = new ArrayList<>(); // these by the task only
    private long lookedAt;
    private long now;

    public Sweep(Settings settings, Tasks tasks, OpenConnections open, FaultLog faults) {
        this.period = period(settings);
        this.tasks = tasks;
        this.open = open;
        this.faults = faults;
        this.lookedAt = tasks.nanoTime();
    }

    /** A quarter of the shortest limit: what is over is noticed so much later at the most. */
    private static Duration period(Settings settings) {
        Duration shortest = Collections.min(List.of(settings.pingAfter, settings.answerWithin, settings.writeWithin));
        Duration quarter = Collections.min(List.of(shortest.dividedBy(4), LONGEST_PERIOD));
        return Collections.max(List.of(quarter, SHORTEST_PERIOD));
    }

    /** There is somebody to look after. Any thread. */
    void begin() {
        if (!goesOn.get() && goesOn.compareAndSet(false, true)) {
            try {
                tasks.repeat(period, this::look);
            } catch (RejectedExecutionException theTransportIsClosed) {
                goesOn.set(false);
            } catch (OutOfMemoryError fault) {
                goesOn.set(false);
                throw fault;
            }
        }
    }

    /** False when there is nobody left. */
    private boolean look() {
        long clock = tasks.nanoTime();
        now += Math.min(clock - lookedAt, 2 * period.toNanos());
        lookedAt = clock;
        seen.clear();
        open.copyTo(seen);
        for (int i = 0; i < seen.size(); i++) { // an iterator would take memory
            lookAfter(seen.get(i)); // what it throws leaves the others to the next look
        }
        boolean none = seen.isEmpty();
        seen.clear();
        if (none) {
            goesOn.set(false);
            if (open.count() > 0) { // one came in after the look, and found this still going on
                return goesOn.compareAndSet(false, true);
            }
        }
        return !none;
    }

    private void lookAfter(SocketConnection connection) {
        try {
            connection.lookAfter(now);
        } catch (Throwable fault) {
            connection.cut();
            faults.report("a connection could not be looked after, and is cut off", fault);
        }
    }
}
