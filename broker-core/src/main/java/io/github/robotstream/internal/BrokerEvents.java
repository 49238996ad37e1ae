package io.github.robotstream.internal;

import io.github.robotstream.BrokerListener;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.internal.routing.TopicActivity;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.session.SessionEvents;
import io.github.robotstream.internal.session.SessionView;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Budget;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Work;
import io.github.robotstream.internal.worker.Worker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The application's {@link BrokerListener} on its thread {@code robotstream-events}, behind a bounded queue. Any thread. */
final class BrokerEvents implements SessionEvents, TopicActivity.Listener {
    private static final int MOST_WAITING = 1_024;
    /** Of the same code's failures; a listener that logs them cannot feed on itself faster. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int MOST_FAILING = 256;

    private final @Nullable BrokerListener listener;
    private final Function<SessionView, SessionSnapshot> snapshot;
    private final BrokerClock clock;
    private final Consumer<LogEntry.Builder> log;
    private final Budget budget = new Budget(MOST_WAITING, Long.MAX_VALUE);
    private final Worker<Consumer<BrokerListener>> worker = new Worker<>("robotstream-events", 1, new Calls());
    private final Map<String, Long> failuresTold = new ConcurrentHashMap<>();

    /** Nothing is told yet; and nothing ever without a listener, nor is there a thread. */
    BrokerEvents(
            @Nullable BrokerListener listener,
            Function<SessionView, SessionSnapshot> snapshot,
            BrokerClock clock,
            Consumer<LogEntry.Builder> log) {
        this.listener = listener;
        this.snapshot = snapshot;
        this.clock = clock;
        this.log = log;
    }

    boolean hasListener() {
        return listener != null;
    }

    void start() {
        if (hasListener()) {
            worker.start();
        }
    }

    @Override
    public void opened(Session session) {
        tell(session, BrokerListener::sessionOpened);
    }

    @Override
    public void closed(Session session, int code, String reason) {
        tell(session, (heard, snapshot) -> heard.sessionClosed(snapshot, code, reason));
    }

    @Override
    public void slow(Session session) {
        tell(session, BrokerListener::sessionSlow);
    }

    private void tell(Session session, BiConsumer<BrokerListener, SessionSnapshot> call) {
        if (hasListener()) {
            SessionSnapshot present = snapshot.apply(session.view());
            tell(heard -> call.accept(heard, present));
        }
    }

    @Override
    public boolean changed(String topic, boolean isActive) {
        return tell(isActive ? heard -> heard.topicActive(topic) : heard -> heard.topicIdle(topic));
    }

    /** The application's code threw. */
    void userCodeFailed(String what, Throwable cause) {
        if (hasListener() && mayTellFailure(what)) {
            tell(heard -> heard.userCodeFailed(what, cause));
        }
    }

    private boolean mayTellFailure(String what) {
        long now = clock.nanoTime();
        if (failuresTold.size() >= MOST_FAILING) {
            failuresTold.values().removeIf(told -> now - told >= FAILURE_PAUSE_NANOS);
        }
        Long told = failuresTold.get(what);
        boolean isDue = told == null ? failuresTold.size() < MOST_FAILING : now - told >= FAILURE_PAUSE_NANOS;
        return isDue
                && (told == null ? failuresTold.putIfAbsent(what, now) == null : failuresTold.replace(what, told, now));
    }

    private boolean tell(Consumer<BrokerListener> call) {
        return hasListener() && worker.offer(call, budget, 0);
    }

    /** The broker has ended because it could not go on: on the calling thread, as that of the others has ended too. */
    void brokerFailed(Throwable cause) {
        if (listener != null) {
            try {
                listener.brokerFailed(cause);
            } catch (Throwable ofTheApplication) {
                // all has ended, and nobody is left to tell
            }
        }
    }

    /** Whether the caller is the listener. */
    boolean isCurrentThread() {
        return worker.isCurrentThread();
    }

    /** Has what waits told, and waits for that at most so long. */
    void close(Duration limit) {
        worker.close(limit);
    }

    private final class Calls implements Work<Consumer<BrokerListener>> {
        private long lostTold;

        @Override
        public void run(List<Consumer<BrokerListener>> batch) {
            long lost = budget.lost();
            if (lost > lostTold) {
                log.accept(LogEntry.of(Level.WARN, "events_dropped", "the broker's listener is too slow")
                        .attribute("dropped", lost - lostTold));
                lostTold = lost;
            }
            if (listener != null) {
                batch.get(0).accept(listener);
            }
        }

        @Override
        public void failed(List<Consumer<BrokerListener>> batch, Throwable cause) {
            log.accept(LogEntry.of(Level.ERROR, "broker_listener_failed", "the broker's listener threw")
                    .detail(FailureText.of(cause)));
        }

        @Override
        public void abandoned(List<Consumer<BrokerListener>> items) {}

        @Override
        public void end() {}
    }
}
