package io.github.robotstream.internal.robot;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.LossCause;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What is told of one subscription of robot code. */
final class SubscriptionLog extends LoopTask {
    /** The topic of log entries. */
    static final String LOGS = "server_logs";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TopicFilter filter;
    private final boolean hearsLog;
    private final Counters counters;
    private final BrokerLoop loop;
    private final Consumer<LogEntry.Builder> log;
    private final BiConsumer<String, Throwable> userFaults;
    private final Map<LossCause, AtomicLong> untold = new EnumMap<>(LossCause.class);

    private volatile boolean pausing; // written by the broker thread

    SubscriptionLog(TopicFilter filter, RoutingContext context) {
        this.filter = filter;
        for (LossCause cause : LossCause.values()) {
            untold.put(cause, new AtomicLong());
        }
        this.hearsLog = filter.matches(LOGS);
        this.counters = context.router().counters();
        this.loop = context.loop();
        this.log = context.log();
        this.userFaults = context.userFaults();
    }

    /** The application's code threw; any thread. */
    void failed(Throwable fault) {
        counters.add(Counters.Count.FAILED, 1);
        String what = "a listener or codec of " + filter;
        userFaults.accept(what, fault);
        tell(LogEntry.of(LogEntry.Level.ERROR, "listener_failed", what + " threw")
                .detail(FailureText.withTrace(fault)));
    }

    /**
     * The queue lost a message; any thread, throws nothing. That is told at the broker thread's next step, then what came together in each
     * second. Of a filter that matches {@code server_logs} it is not told, as it would make more of the same.
     */
    void lost(LossCause cause) {
        if (hearsLog) {
            return;
        }
        Objects.requireNonNull(untold.get(cause)).incrementAndGet();
        if (!pausing) {
            loop.wake(this);
        }
    }

    /** Tells what was lost, unless that was done within the last second. */
    @Override
    protected boolean take() {
        for (AtomicLong count : untold.values()) {
            if (!pausing && count.get() > 0) {
                loop.schedule(
                        PAUSE_NANOS, this::endPause); // first: without memory for it, all is told with the next loss
                pausing = true;
                tellLosses();
            }
        }
        return false;
    }

    private void tellLosses() {
        untold.forEach((cause, count) -> {
            long dropped = count.getAndSet(0);
            if (dropped > 0) {
                tell(LogEntry.of(
                                LogEntry.Level.WARN,
                                "messages_dropped",
                                "a listener of robot code fell behind on " + filter)
                        .attribute("dropped", dropped)
                        .attribute("cause", cause.word()));
            }
        });
    }

    private void endPause() {
        pausing = false;
        take();
    }

    private void tell(LogEntry.Builder entry) {
        log.accept(entry.topic(filter.toString()));
    }
}
