package io.github.robotstream.internal.robot;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What is told of one subscription of robot code. */
final class SubscriptionLog {
    /** The topic of log entries. */
    static final String LOGS = "server_logs";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TopicFilter filter;
    private final Counters counters;
    private final BrokerLoop loop;
    private final Consumer<LogEntry.Builder> log;
    // The broker thread's.
    private long untold;
    private boolean scheduled;

    SubscriptionLog(TopicFilter filter, RoutingContext context) {
        this.filter = filter;
        this.counters = context.router().counters();
        this.loop = context.loop();
        this.log = context.log();
    }

    /** The application's code threw; any thread. */
    void failed(Throwable fault) {
        counters.add(Counters.Count.FAILED, 1);
        tell(LogEntry.builder(
                        LogEntry.Origin.BROKER,
                        LogEntry.Level.ERROR,
                        "listener_failed",
                        "a listener or codec of " + filter + " threw")
                .detail(FailureText.of(fault)));
    }

    /**
     * The queue lost messages; broker thread, throws nothing. That is told at the end of the step, then what came together in each second.
     * Of a filter that matches {@code server_logs} it is not told, as it would make more of the same.
     */
    void lost(int messages) {
        if (filter.matches(LOGS)) {
            return;
        }
        untold += messages;
        if (!scheduled) {
            try {
                loop.schedule(0, this::tellAndPause);
                scheduled = true;
            } catch (OutOfMemoryError passing) {
                // told with the next loss
            }
        }
    }

    private void tellAndPause() {
        if (untold == 0) {
            scheduled = false;
            return;
        }
        tell(LogEntry.builder(
                        LogEntry.Origin.BROKER,
                        LogEntry.Level.WARN,
                        "messages_dropped",
                        "a listener of robot code fell behind on " + filter)
                .attribute("dropped", untold));
        untold = 0;
        loop.schedule(PAUSE_NANOS, this::tellAndPause);
    }

    private void tell(LogEntry.Builder entry) {
        log.accept(entry.topic(filter.toString()));
    }
}
