package io.github.robotstream.internal.routing;

import io.github.robotstream.Topic;
import io.github.robotstream.spi.StoredTopic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The topics that are known, and the bounds on them. Any thread may look a topic up or declare it; the rest is for the
 * broker thread. Topics that robot code declared stay; the others are limited in number, expire when idle, and are the ones
 * whose last values are forgotten when all together are too large.
 */
public final class TopicTable {
    private final ConcurrentMap<String, TopicState> topics = new ConcurrentHashMap<>();
    private final List<@Nullable TopicState> slots = new ArrayList<>();
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private final AtomicInteger undeclared = new AtomicInteger();
    private final String runEpoch;
    private final int maxUndeclared;
    private final RetainedValues values;

    /**
     * An empty table.
     *
     * @param runEpoch the epoch of topics that are new in this run
     */
    public TopicTable(String runEpoch, int maxUndeclared, long maxRetainedBytes) {
        this.runEpoch = runEpoch;
        this.maxUndeclared = maxUndeclared;
        this.values = new RetainedValues(maxRetainedBytes);
    }

    /** A topic that is known, or null; any thread. */
    public @Nullable TopicState find(String name) {
        return topics.get(name);
    }

    /** A topic that is known now if there is room for it, else null; any thread. */
    public @Nullable TopicState findOrMake(String name) {
        TopicState known = topics.get(name);
        if (known != null || !reserve()) {
            return known;
        }
        TopicState made = new TopicState(name, runEpoch, 0);
        TopicState present = topics.putIfAbsent(name, made);
        if (present != null) {
            undeclared.decrementAndGet();
            return present;
        }
        return made;
    }

    private boolean reserve() {
        if (undeclared.incrementAndGet() > maxUndeclared) {
            undeclared.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A topic of the broker's own, which keeps its last few messages. */
    public TopicState builtIn(String name, int recentMessages) {
        return topics.computeIfAbsent(name, n -> new TopicState(n, runEpoch, recentMessages));
    }

    /**
     * A topic of robot code; any thread.
     *
     * @throws IllegalArgumentException if it was declared otherwise before
     */
    public TopicState declare(Topic<?> topic, boolean acceptsAnyType) {
        TopicState known = topics.get(topic.name());
        if (known != null && known.declaration() != null) {
            return checked(known, topic);
        }
        TopicState state = topics.compute(topic.name(), (name, present) -> {
            TopicState s = present;
            if (s == null) {
                s = new TopicState(name, runEpoch, 0);
            } else if (s.declaration() == null) {
                undeclared.decrementAndGet();
            }
            if (s.declaration() == null) {
                s.declare(topic, acceptsAnyType);
            }
            return s;
        });
        return checked(state, topic);
    }

    private static TopicState checked(TopicState state, Topic<?> topic) {
        TopicState.Declaration declared = state.declaration();
        if (declared != null && !declared.topic().equals(topic)) {
            throw new IllegalArgumentException(
                    topic + " contradicts " + declared.topic() + ": a name stands for one topic");
        }
        return state;
    }

    /** Goes on with a topic where its store says it stood, if there is room for it, else null. */
    @Nullable
    TopicState restore(StoredTopic stored, long nowNanos) {
        TopicState topic = findOrMake(stored.name());
        if (topic != null) {
            current(topic);
            topic.epoch = stored.epoch();
            topic.sequence = stored.lastSequence();
            topic.lastUsedNanos = nowNanos;
        }
        return topic;
    }

    /** The state that stands for a message's topic: the one it was published with may have expired meanwhile. */
    TopicState current(TopicState asPublished) {
        TopicState state = asPublished;
        if (state.forgotten) {
            state = topics.computeIfAbsent(asPublished.name(), n -> {
                undeclared.incrementAndGet();
                return new TopicState(n, runEpoch, 0);
            });
        }
        if (state.slot < 0) {
            state.slot = takeSlot(state);
        }
        return state;
    }

    private int takeSlot(TopicState state) {
        if (freeSlots.isEmpty()) {
            slots.add(state);
            return slots.size() - 1;
        }
        int slot = freeSlots.removeLast();
        slots.set(slot, state);
        return slot;
    }

    @Nullable
    TopicState bySlot(int slot) {
        return slots.get(slot);
    }

    /** One more than the largest slot. */
    int slots() {
        return slots.size();
    }

    /** Keeps a message as its topic's last value. */
    void retain(TopicState topic, RoutedMessage message) {
        values.keep(topic, message);
    }

    /** Forgets a topic's last value. */
    void forgetLatest(TopicState topic) {
        values.forget(topic);
    }

    /** Forgets topics that only clients used and that nobody did for a while. */
    void expire(long nowNanos, long idleNanos, SubscriptionTable subscriptions) {
        for (TopicState topic : topics.values()) {
            if (topic.isPermanent()) {
                continue;
            }
            if (topic.slot < 0) {
                // Nothing was routed to it so far: its time begins when it is first seen here.
                current(topic);
                topic.lastUsedNanos = nowNanos;
            } else if (nowNanos - topic.lastUsedNanos > idleNanos
                    && topic.overflow.waiting() == null
                    && !subscriptions.anyFor(topic.name())) {
                topics.computeIfPresent(topic.name(), (name, t) -> forgets(t) ? null : t);
            }
        }
    }

    private boolean forgets(TopicState topic) {
        if (topic.isPermanent()) {
            return false;
        }
        values.forget(topic);
        slots.set(topic.slot, null);
        freeSlots.add(topic.slot);
        topic.slot = -1;
        topic.forgotten = true;
        undeclared.decrementAndGet();
        return true;
    }

    /** All topics that are known. */
    public Collection<TopicState> all() {
        return topics.values();
    }
}
