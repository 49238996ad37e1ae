package io.github.robotstream.internal.session;

import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.spi.LogEntry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells on {@code server_logs} what a session lost: at once, then what came together in a second, so that a flood of losses
 * is no flood of entries. Losses on {@code server_logs} itself are counted and not told there. Broker thread.
 */
final class LossReport {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Session session;
    private final SessionContext context;
    private final AtomicLong total = new AtomicLong();
    private boolean scheduled;

    LossReport(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** Losses wait with their subscriptions. */
    void lossesWait() {
        if (!scheduled) {
            scheduled = true;
            // Not at once but after this step: a burst that does not fit is one entry.
            context.loop().schedule(0, this::tellAndPause);
        }
    }

    private void tellAndPause() {
        boolean told = tell();
        scheduled = told;
        if (told) {
            context.loop().schedule(PAUSE_NANOS, this::tellAndPause);
        }
    }

    /** What is left, when the session ends. */
    void finish() {
        tell();
    }

    private boolean tell() {
        boolean any = false;
        for (RemoteSubscriber subscriber : session.subscriptions().values()) {
            any |= tell(subscriber);
        }
        return any;
    }

    /** Tells what one subscription has lost, if it has lost anything. */
    boolean tell(RemoteSubscriber subscriber) {
        long lost = subscriber.takeUnreportedLosses();
        if (lost > 0) {
            total.lazySet(total.get() + lost);
            tell(subscriber.filter().toString(), lost);
        }
        return lost > 0;
    }

    private void tell(String filter, long lost) {
        if (!filter.equals("server_logs")) {
            context.log()
                    .accept(LogEntry.builder(
                                    LogEntry.Origin.BROKER,
                                    LogEntry.Level.WARN,
                                    "messages_dropped",
                                    session.id() + " fell behind on " + filter)
                            .client(session.id(), session.principal().name())
                            .topic(filter)
                            .attribute("dropped", lost));
        }
    }

    /** How many messages the session has lost and was told of; any thread. */
    long total() {
        return total.get();
    }
}
