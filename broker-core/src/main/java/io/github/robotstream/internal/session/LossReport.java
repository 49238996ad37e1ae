package io.github.robotstream.internal.session;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.spi.LogEntry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs what a session lost ({@code messages_dropped}): the first loss at once, then the losses of each second in one entry for
 * each subscription. Losses on {@code server_logs} itself are counted and not logged, since each entry would cause the next.
 * Broker thread.
 */
final class LossReport {
    /** The topic of log entries. */
    static final String LOGS = "server_logs";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Session session;
    private final SessionContext context;
    private final AtomicLong total = new AtomicLong();
    private boolean scheduled;

    LossReport(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A loss was counted with its subscription and waits to be told. */
    void lossWaits() {
        total.lazySet(total.get() + 1);
        if (!scheduled) {
            scheduled = true;
            // Not at once but after this step: a burst that does not fit is one entry.
            context.loop().schedule(0, this::tellAndPause);
        }
    }

    private void tellAndPause() {
        scheduled = tell();
        if (scheduled) {
            context.loop().schedule(PAUSE_NANOS, this::tellAndPause);
        }
    }

    /** Tells what all subscriptions have lost; false if they lost nothing. */
    boolean tell() {
        boolean any = false;
        for (RemoteSubscriber subscriber : session.subscriptions().values()) {
            any |= tell(subscriber);
        }
        return any;
    }

    /** Tells what one subscription has lost; false if it lost nothing. */
    boolean tell(RemoteSubscriber subscriber) {
        long lost = subscriber.takeUnreportedLosses();
        tell(subscriber.filter(), lost, session.id() + " fell behind on " + subscriber.filter());
        return lost > 0;
    }

    /** Tells what a subscription has lost because it was taken from the client; that was not counted with it. */
    void tellTaken(RemoteSubscriber subscriber, int lost) {
        total.lazySet(total.get() + lost);
        String what =
                session.id() + " lost what waited of " + subscriber.filter() + ", which its newer token does not allow";
        tell(subscriber.filter(), lost, what);
    }

    private void tell(TopicFilter filter, long lost, String message) {
        if (lost > 0 && !filter.matches(LOGS)) {
            session.log(session.entry(LogEntry.Level.WARN, "messages_dropped", message)
                    .topic(filter.toString())
                    .attribute("dropped", lost));
        }
    }

    /** How many messages the session has lost; any thread. */
    long total() {
        return total.get();
    }
}
