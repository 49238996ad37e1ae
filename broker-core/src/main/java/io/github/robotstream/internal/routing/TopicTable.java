package io.github.robotstream.internal.routing;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.settings.TopicOptions;
import io.github.robotstream.spi.StoredTopic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The topics that are known, and the bounds on them. Any thread may look a topic up or declare it; the rest is for the broker
 * thread. Topics that robot code declared stay; the others are limited in number and expire when idle.
 */
public final class TopicTable {
    private final ConcurrentMap<String, TopicState> topics = new ConcurrentHashMap<>();
    /** The same topics in the order of their names, for filters; changed while the name is locked in the other map. */
    private final ConcurrentNavigableMap<String, TopicState> inOrder = new ConcurrentSkipListMap<>(TopicOrder.INSTANCE);

    private final List<TopicState> builtIns = new CopyOnWriteArrayList<>();
    private final TopicPlaces places;
    private final String runEpoch;
    private int expiries; // of topics that had messages
    /** Of topics that are made now. Another after each of these expiries, as the topic may be made again and its numbers begin anew. */
    private volatile String epoch;

    private final RetainedValues retained;
    private final AtomicLong changes = new AtomicLong();
    private final AgePlaces ages = new AgePlaces();

    private final int usualHistory;

    /**
     * No topics.
     *
     * @param mostUndeclared bounds the topics that clients make, and those that robot code makes without declaring them
     * @param maxRetainedBytes bounds last values and histories together
     * @param usualHistory how many messages are kept of a topic of which robot code does not say
     */
    public TopicTable(String runEpoch, int mostUndeclared, long maxRetainedBytes, int usualHistory) {
        this.usualHistory = usualHistory;
        this.runEpoch = runEpoch;
        this.epoch = runEpoch;
        this.places = new TopicPlaces(mostUndeclared);
        this.retained = new RetainedValues(maxRetainedBytes);
    }

    /** A topic that is known, or null; any thread. */
    public @Nullable TopicState find(String name) {
        return topics.get(name);
    }

    /** The same for robot code. Throws IllegalArgumentException if it was declared otherwise before. */
    public @Nullable TopicState find(Topic<?> topic) {
        TopicState known = find(topic.name());
        return known == null ? null : checked(known, topic);
    }

    /** A topic that is known now if there is a place for it, else null; any thread. */
    public @Nullable TopicState findOrMake(String name, TopicMaker maker) {
        TopicState known = topics.get(name);
        if (known != null || !places.take(maker)) {
            return known;
        }
        TopicState made = new TopicState(name, epoch, maker, usualHistory, ages);
        TopicState present = topics.computeIfAbsent(name, n -> {
            made.epoch = epoch; // once more: the name may just have expired
            return added(made);
        });
        if (present != made) {
            places.give(maker);
        }
        return present;
    }

    /** {@return how often topics have come, gone, been declared, or begun to have values, of bytes or of JSON; any thread} */
    public long changes() {
        return changes.get();
    }

    private TopicState added(TopicState topic) {
        inOrder.put(topic.name(), topic);
        changes.incrementAndGet();
        return topic;
    }

    /** Whether clients of a subject may make more topics, if there is a place at all; any thread. */
    public boolean hasShareLeft(String subject) {
        return places.hasShareLeft(subject);
    }

    /** How many topics that were made by clients of one subject there may be. */
    public int mostOfSubject() {
        return places.mostOfSubject();
    }

    /** A topic of the broker's own, which keeps its last few messages; with 0 its last value as others do. */
    public TopicState builtIn(String name, int recentMessages) {
        return topics.computeIfAbsent(name, n -> {
            TopicState made = added(new TopicState(n, runEpoch, recentMessages, ages));
            if (recentMessages > 0) {
                builtIns.add(made);
            }
            return made;
        });
    }

    /** Those that keep several messages. */
    List<TopicState> builtIns() {
        return builtIns;
    }

    /** A topic of robot code; any thread. Throws IllegalArgumentException if it was declared otherwise before. */
    public TopicState declare(Topic<?> topic) {
        return declare(topic, new TopicOptions());
    }

    /** The same with options, which count if it was not declared before. */
    public TopicState declare(Topic<?> topic, TopicOptions options) {
        TopicState known = topics.get(topic.name());
        if (known != null && known.declaration() != null) {
            return checked(known, topic);
        }
        TopicState state = topics.compute(topic.name(), (name, present) -> {
            TopicState s = present;
            if (s == null) {
                s = added(new TopicState(name, epoch, TopicMaker.ROBOT, usualHistory, ages));
            } else {
                givePlace(s);
            }
            if (s.declaration() == null) {
                s.declare(topic, options);
                changes.incrementAndGet();
            }
            return s;
        });
        return checked(state, topic);
    }

    /** Within the lock of its name. */
    private void givePlace(TopicState topic) {
        TopicMaker maker = topic.maker();
        if (maker != null && topic.declaration() == null) {
            places.give(maker);
        }
    }

    private static TopicState checked(TopicState state, Topic<?> topic) {
        TopicState.Declaration declared = state.declaration();
        if (declared != null && !declared.topic().equals(topic)) {
            boolean differInCodec = topic.toString().equals(declared.topic().toString());
            throw new IllegalArgumentException(topic + " contradicts " + declared.topic()
                    + ": a name stands for one topic"
                    + (differInCodec
                            ? ", and their codecs are not equal: use one Topic everywhere, or make the codec a record"
                            : ""));
        }
        return state;
    }

    /** Goes on with a topic where its store says it stood, if there is room for it, else null. */
    @Nullable
    TopicState restore(StoredTopic stored, long nowNanos) {
        TopicState topic = findOrMake(stored.name(), TopicMaker.STORE);
        if (topic != null) {
            topic.seen = true;
            topic.epoch = stored.epoch();
            topic.sequence = stored.lastSequence();
            topic.lastUsedNanos = nowNanos;
            topic.rate.begin(stored.lastSequence(), nowNanos);
        }
        return topic;
    }

    /** The state that stands for a message's topic: the one it was published with may have expired meanwhile. */
    TopicState current(TopicState asPublished) {
        return asPublished.forgotten ? makeAgain(asPublished) : asPublished;
    }

    private TopicState makeAgain(TopicState expired) {
        TopicMaker maker = expired.maker();
        if (maker == null) {
            throw new AssertionError("a topic of the broker's own has expired");
        }
        return topics.computeIfAbsent(expired.name(), name -> {
            places.force(maker);
            return added(new TopicState(name, epoch, maker, usualHistory, ages));
        });
    }

    /** The first topic whose name is this or comes after it, or only after it; null if there is none. */
    @Nullable
    TopicState next(String name, boolean excluding) {
        Map.Entry<String, TopicState> next = excluding ? inOrder.higherEntry(name) : inOrder.ceilingEntry(name);
        return next == null ? null : next.getValue();
    }

    /** Keeps a message as its topic's last value. */
    void retain(TopicState topic, RoutedMessage message) {
        RoutedMessage former = topic.retained();
        if (former == null || former.envelope().isBinary() != message.envelope().isBinary()) {
            changes.incrementAndGet();
        }
        retained.keep(topic, message);
    }

    /** Has a topic keep its messages for somebody who reads them, until {@link #releaseHistory}. */
    void acquireHistory(TopicState topic) {
        retained.acquire(topic);
    }

    void releaseHistory(TopicState topic) {
        retained.release(topic);
    }

    /** Forgets a topic's last value, if it has one, and its history. */
    void forgetLatest(TopicState topic) {
        retained.forget(topic);
    }

    /** Forgets a topic that is not declared, idle, and subscribed to by nobody by name; returns whether it was so. */
    boolean expire(TopicState topic, long nowNanos, long idleNanos, SubscriptionTable subscriptions) {
        if (topic.isPermanent()) {
            return false;
        }
        if (topic.sequence == 0 && !topic.seen) {
            // Its time begins when it is first seen here.
            topic.seen = true;
            topic.lastUsedNanos = nowNanos;
            return false;
        }
        if (nowNanos - topic.lastUsedNanos <= idleNanos
                || topic.overflow.waiting() != null
                || subscriptions.anyByName(topic.name())) {
            return false;
        }
        topics.computeIfPresent(topic.name(), (name, t) -> forgets(t) ? null : t);
        return topic.forgotten;
    }

    private boolean forgets(TopicState topic) {
        if (topic.isPermanent()) {
            return false;
        }
        if (topic.sequence > 0) {
            epoch = runEpoch + "-" + ++expiries;
        }
        inOrder.remove(topic.name());
        changes.incrementAndGet();
        forgetLatest(topic);
        topic.forgotten = true;
        topic.tally.end();
        givePlace(topic);
        return true;
    }

    public Collection<TopicState> all() {
        return topics.values();
    }
}
