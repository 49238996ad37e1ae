package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Looks after all connections again and again: one task for all, which goes on whatever happens in it and whose rounds allocate nothing.
 *
 * <p>Its clock goes on by at most two periods from one look to the next. If this process was stopped meanwhile, clients are not to blame
 * for what was not read: that waits in their sockets, and has time to be read before the second look.
 */
final class Sweep {
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(20);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

    private final Duration period;
    private final Tasks tasks;
    private final OpenConnections open;
    private final FaultLog faults;

    private final List<SocketConnection> seen = new ArrayList<>(); // these by the task only
    private long lookedAt;
    private long now;

    Sweep(Settings settings, Tasks tasks, OpenConnections open, FaultLog faults) {
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

    void begin() {
        tasks.repeat(period, () -> {
            look();
            return true;
        });
    }

    private void look() {
        long clock = tasks.nanoTime();
        now += Math.min(clock - lookedAt, 2 * period.toNanos());
        lookedAt = clock;
        seen.clear();
        open.copyTo(seen);
        for (int i = 0; i < seen.size(); i++) { // an iterator would take memory
            lookAfter(seen.get(i));
        }
        seen.clear();
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
