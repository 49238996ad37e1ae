package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.routing.LossCause;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.spi.LogEntry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session's subscriptions, and what is told of their losses ({@code messages_dropped}): the first loss at once, then the losses of each
 * second in one entry for each subscription and cause. Losses on {@code server_logs} itself are counted and not logged, since each entry would
 * cause the next. Broker thread.
 */
final class SessionSubscriptions {
    /** The topic of log entries. */
    static final String LOGS = "server_logs";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FEW = 8;
    private static final LossCause[] CAUSES = LossCause.values();

    private final BrokerLoop loop;
    private final SessionLog log;
    /**
     * By filter, with the name behind it where there is one: no filter has the character between them. Others read it, so few are in a map
     * that never changes, as most sessions have one or two and it takes the least memory; more are in one that is changed in place, as a copy for
     * each change would take its time.
     */
    private volatile Map<String, RemoteSubscriber> byText = Map.of();

    private volatile long lost; // written by the broker thread
    private boolean scheduled;

    /** Nothing yet. */
    SessionSubscriptions(BrokerLoop loop, SessionLog log) {
        this.loop = loop;
        this.log = log;
    }

    @Nullable
    RemoteSubscriber find(String filter, Optional<String> name) {
        return byText.get(text(filter, name));
    }

    int size() {
        return byText.size();
    }

    void put(RemoteSubscriber subscriber) {
        Map<String, RemoteSubscriber> changed = toChange();
        changed.put(text(subscriber.filter().toString(), subscriber.name()), subscriber);
        keep(changed);
    }

    /** For a change, and then for {@link #keep}. */
    private Map<String, RemoteSubscriber> toChange() {
        return byText instanceof ConcurrentHashMap ? byText : new ConcurrentHashMap<>(byText);
    }

    private void keep(Map<String, RemoteSubscriber> changed) {
        byText = changed.size() > FEW ? changed : Map.copyOf(changed);
    }

    private static String text(String filter, Optional<String> name) {
        return name.map(present -> filter + '\n' + present).orElse(filter);
    }

    /** Takes one out, with its losses told. */
    @Nullable
    RemoteSubscriber remove(String filter, Optional<String> name) {
        Map<String, RemoteSubscriber> changed = toChange();
        RemoteSubscriber removed = changed.remove(text(filter, name));
        if (removed != null) {
            keep(changed);
            tell(removed);
        }
        return removed;
    }

    /** Takes out all, with their losses told; none, where there is no memory for that. */
    ArrayDeque<RemoteSubscriber> takeAll() {
        tellAll();
        ArrayDeque<RemoteSubscriber> all = new ArrayDeque<>(byText.values());
        byText = Map.of();
        return all;
    }

    /** {@return those that some permissions do not allow} */
    List<RemoteSubscriber> notAllowedBy(Permissions permissions) {
        return byText.values().stream()
                .filter(subscriber -> !permissions.maySubscribe(subscriber.filter()))
                .toList();
    }

    /** Losses were counted with their subscription and wait to be told. Returns whether there was none in the second before. */
    boolean lossesWait(long count) {
        countLost(count);
        boolean isFirst = !scheduled;
        if (isFirst) {
            scheduled = true;
            // Not at once but after this step: a burst that does not fit is one entry.
            loop.schedule(0, this::tellAndPause);
        }
        return isFirst;
    }

    private void countLost(long count) {
        long before = lost;
        lost = before + count;
    }

    private void tellAndPause() {
        scheduled = tellAll();
        if (scheduled) {
            loop.schedule(PAUSE_NANOS, this::tellAndPause);
        }
    }

    private boolean tellAll() {
        boolean any = false;
        for (RemoteSubscriber subscriber : byText.values()) {
            any |= tell(subscriber);
        }
        return any;
    }

    private boolean tell(RemoteSubscriber subscriber) {
        boolean any = false;
        for (LossCause cause : CAUSES) {
            long dropped = subscriber.takeUntoldLosses(cause);
            if (dropped > 0) {
                any = true;
                tell(subscriber.filter(), dropped, cause);
            }
        }
        return any;
    }

    /** Tells what one has lost because it was taken from the client; that was not counted with it. */
    void tellTaken(TopicFilter filter, int dropped) {
        countLost(dropped);
        if (dropped > 0) {
            tell(filter, dropped, LossCause.ENDED);
        }
    }

    private void tell(TopicFilter filter, long dropped, LossCause cause) {
        if (!filter.matches(LOGS)) {
            log.tell(log.entry(LogEntry.Level.WARN, "messages_dropped", log.id() + whatHappened(cause, filter))
                    .topic(filter.toString())
                    .attribute("dropped", dropped)
                    .attribute("cause", cause.word()));
        }
    }

    private static String whatHappened(LossCause cause, TopicFilter filter) {
        return switch (cause) {
            case QUEUE_FULL, PUBLISH_QUEUE_FULL -> " fell behind on " + filter;
            case SUPERSEDED -> " fell behind on " + filter + ": newer messages took the place of those that waited";
            case ALL_QUEUES_FULL ->
                " lost what waited of " + filter + ", as the queues of all sessions were full together";
            case TOO_OLD -> " fell behind on " + filter + ": messages were too old when they could be sent";
            case TOO_LARGE ->
                " is not sent messages of " + filter
                        + " that are larger than its frames (max_frame_bytes of hello) or its queue";
            case ENDED -> " lost what waited of " + filter + ", which its newer token does not allow";
        };
    }

    /** {@return the filters; any thread} */
    Set<String> filters() {
        return byText.values().stream()
                .map(subscriber -> subscriber.filter().toString())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return some of the filters, at most so many, in their order; any thread} */
    List<String> someFilters(int most) {
        return byText.values().stream()
                .map(subscriber -> subscriber.filter().toString())
                .distinct()
                .limit(most)
                .sorted()
                .toList();
    }

    /** {@return how many messages the session has lost; any thread} */
    long lost() {
        return lost;
    }
}
