package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.TopicNotice;
import io.github.robotstream.internal.protocol.TopicsReply;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.TopicListing;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The topics that are known, by numbers, for sessions that are told of topics as they come and go. While there are such sessions it looks
 * four times a second whether anything has changed, and then goes through all topics in bounded steps: 10,000 take some 20 ms, after which
 * it does not look for 2.5 s. Numbers are never given again. Broker thread, but for {@link #find}.
 */
public final class TopicDirectory extends LoopTask {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A turn is about 0.1 ms: so a hundredth of the time at the most. */
    private static final int TURNS_A_PERIOD = 32;
    /** To find a topic and compare what is known of it. */
    private static final int LOOKS_A_TOPIC = 2;

    private final BrokerLoop loop;
    private final Router router;
    private final Work work = new Work();
    private final Map<String, Listed> byName = new HashMap<>();
    private final ConcurrentNavigableMap<Integer, Listed> byNumber = new ConcurrentSkipListMap<>();
    private final List<Runnable> readers = new ArrayList<>();
    private Departure lastDeparture = new Departure(0, null);
    private Timers.@Nullable Timer timer;
    private @Nullable TopicListing round;
    private int rounds;
    private int lastNumber;
    private int checkedUpTo;
    private int turns; // of the last round
    private int rests; // so many looks are left out
    private boolean news;
    private long seenChanges = -1;

    /** A topic in the directory, and in which round it was found last. */
    private static final class Listed {
        final TopicNotice notice;
        int round;

        Listed(TopicNotice notice, int round) {
            this.notice = notice;
            this.round = round;
        }
    }

    /** A topic that has gone, and behind it those that have gone later: whoever reads them holds on to no earlier ones. */
    static final class Departure {
        final long serial;
        final @Nullable TopicNotice topic;

        @Nullable
        Departure next;

        Departure(long serial, @Nullable TopicNotice topic) {
            this.serial = serial;
            this.topic = topic;
        }
    }

    /** An empty directory. */
    TopicDirectory(RoutingContext routing) {
        this.loop = routing.loop();
        this.router = routing.router();
    }

    /** {@return the topic of that number, if it has one now; any thread} */
    public Optional<TopicNotice> find(int number) {
        return Optional.ofNullable(byNumber.get(number)).map(listed -> listed.notice);
    }

    /** Has somebody told whenever topics have come or gone. */
    void join(Runnable reader) {
        readers.add(reader);
        if (timer == null) {
            timer = loop.repeat(PERIOD_NANOS, this::lookForChanges);
        }
    }

    void leave(Runnable reader) {
        readers.remove(reader);
        if (readers.isEmpty() && timer != null) {
            loop.cancel(timer);
            timer = null;
        }
    }

    /** {@return the last topic that has gone; those that go later follow it} */
    Departure lastDeparture() {
        return lastDeparture;
    }

    /** {@return the topic with the next number after that one; null if there is none} */
    @Nullable
    TopicNotice next(int number) {
        Map.Entry<Integer, Listed> next = byNumber.higherEntry(number);
        return next == null ? null : next.getValue().notice;
    }

    private void lookForChanges() {
        long changes = router.topics().changes();
        if (rests > 0) {
            rests--;
        } else if (round == null && changes != seenChanges) {
            seenChanges = changes;
            turns = 0;
            round = router.list(Optional.empty(), "");
            rounds++;
            checkedUpTo = 0;
            loop.wake(this);
        }
    }

    @Override
    protected boolean take() {
        work.renew();
        TopicListing present = round;
        boolean more = present != null && !(present.goOn(work, LOOKS_A_TOPIC, this::list) && dropThoseGone());
        turns++;
        if (present != null && !more) {
            round = null;
            rests = turns / TURNS_A_PERIOD;
        }
        if (news) {
            news = false;
            readers.forEach(Runnable::run);
        }
        return more;
    }

    private boolean list(TopicState topic) {
        Listed present = byName.get(topic.name());
        TopicNotice found = notice(topic, present);
        if (present != null && present.notice.saysTheSameAs(found)) {
            present.round = rounds;
            return true;
        }
        if (present != null) {
            drop(present);
        }
        lastNumber++;
        Listed listed = new Listed(found.withNumber(lastNumber), rounds);
        byName.put(topic.name(), listed);
        byNumber.put(lastNumber, listed);
        news = true;
        return true;
    }

    private static TopicNotice notice(TopicState topic, @Nullable Listed present) {
        TopicState.Declaration declared = topic.declaration();
        if (declared != null) {
            Topic<?> known = declared.topic();
            Optional<String> mediaType = known.isBinary() ? Optional.of(known.type()) : Optional.empty();
            return new TopicNotice(
                    0, topic.name(), Optional.of(known.type()), mediaType, known.schema(), topic.stopValue());
        }
        RoutedMessage latest = topic.latest();
        if (present != null && (latest == null || present.notice.mediaType().isPresent())) {
            return present.notice; // whoever publishes bytes and JSON in turn would use up the numbers
        }
        Optional<String> mediaType = Optional.ofNullable(latest)
                .map(RoutedMessage::envelope)
                .filter(envelope -> envelope.isBinary())
                .map(envelope ->
                        envelope.typeUpTo(TopicsReply.MAX_TYPE_CHARACTERS).orElse(""));
        return new TopicNotice(0, topic.name(), Optional.empty(), mediaType, Optional.empty(), Optional.empty());
    }

    /** Does a piece of it; returns whether it is done. */
    private boolean dropThoseGone() {
        while (work.take(1)) {
            Map.Entry<Integer, Listed> next = byNumber.higherEntry(checkedUpTo);
            if (next == null) {
                return true;
            }
            checkedUpTo = next.getKey();
            if (next.getValue().round != rounds) {
                drop(next.getValue());
                byName.remove(next.getValue().notice.name());
            }
        }
        return false;
    }

    private void drop(Listed listed) {
        byNumber.remove(listed.notice.number());
        Departure departure = new Departure(lastDeparture.serial + 1, listed.notice);
        lastDeparture.next = departure;
        lastDeparture = departure;
        news = true;
    }
}
