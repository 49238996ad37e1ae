package io.github.robotstream.internal;

import io.github.robotstream.AgeSummary;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.internal.log.BrokerLog;
import io.github.robotstream.internal.protocol.StatsDocument;
import io.github.robotstream.internal.routing.AgeHistogram;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.session.Identity;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.session.SessionRegistry;
import io.github.robotstream.internal.store.StoreRunner;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The numbers of the whole broker, of whatever part counts them: for {@code BrokerStats}, {@code /metrics} and {@code $stats}. Any thread. */
public final class BrokerNumbers implements OnDemandTopic.Source {
    private final BrokerClock clock;
    private final Identity identity;
    private final Router router;
    private final SessionRegistry sessions;
    private final BrokerLog log;
    private final @Nullable StoreRunner store;

    BrokerNumbers(
            BrokerClock clock,
            Identity identity,
            Router router,
            SessionRegistry sessions,
            BrokerLog log,
            @Nullable StoreRunner store) {
        this.clock = clock;
        this.identity = identity;
        this.router = router;
        this.sessions = sessions;
        this.log = log;
        this.store = store;
    }

    /** What {@code $stats} tells is always new. */
    @Override
    public boolean begin(boolean first) {
        return true;
    }

    /** What {@code $stats} tells, made at once. */
    @Override
    public String goOn() {
        Counters counters = counters();
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("sessions", (long) sessions());
        numbers.put("topics", (long) topics());
        numbers.put("published", counters.get(Counters.Count.PUBLISHED));
        numbers.put("refused", counters.get(Counters.Count.REFUSED));
        numbers.put("offered", counters.get(Counters.Count.OFFERED));
        numbers.put("delivered", counters.get(Counters.Count.DELIVERED));
        numbers.put("skipped", counters.get(Counters.Count.SKIPPED));
        numbers.put("queued", counters.queued());
        numbers.put("failures", counters.get(Counters.Count.FAILED));
        numbers.put("not_stored", notStored());
        numbers.put("not_logged", notLogged());
        Duration running = Duration.ofNanos(clock.nanoTime() - identity.startedNanos());
        return new StatsDocument(clock.now(), running, numbers, dropped()).toJson();
    }

    /** {@return those of messages and deliveries} */
    public Counters counters() {
        return router.counters();
    }

    /** {@return how many deliveries were lost, by the word of each cause, in the order of {@code LossCause}} */
    public Map<String, Long> dropped() {
        Map<String, Long> byWord = new LinkedHashMap<>();
        counters().losses().forEach((cause, number) -> byWord.put(cause.word(), number));
        return Collections.unmodifiableMap(byWord);
    }

    /** {@return how many sessions are open} */
    public int sessions() {
        return sessions.all().size();
    }

    /** {@return how many topics are known} */
    public int topics() {
        return router.topics().all().size();
    }

    /** See {@code RobotStreamBroker.topics}. */
    public List<TopicSnapshot> eachTopic() {
        long now = clock.nanoTime();
        return router.topics().all().stream()
                .filter(TopicState::isKnown)
                .map(topic -> topic.snapshot(now))
                .toList();
    }

    /** {@return what all sessions have counted together} */
    public AgeSummary ages(Function<Session, AgeHistogram> which) {
        return AgeHistogram.summary(sessions.all().stream().map(which).toList(), clock.nanoTime());
    }

    /** {@return how many messages the store did not keep} */
    public long notStored() {
        return store == null ? 0 : store.lost();
    }

    /** {@return how many log entries the sink did not write, or that were left out} */
    public long notLogged() {
        return log.lost() + log.leftOut() + log.lostToSink();
    }
}
