package io.github.robotstream.internal.routing;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Notices which topics that robot code declared have subscribers. It looks ten times a second whether subscriptions or topics have changed,
 * and then goes through all topics in bounded steps, so that it costs no more however often clients subscribe. Broker thread.
 */
public final class TopicActivity {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int TOPICS_A_STEP = 64;

    private final RoutingContext context;
    private final TopicTable topics;
    private final SubscriptionTable subscriptions;
    private final Listener listener;
    private final Set<String> active = new HashSet<>();
    private long seenSubscriptions = -1;
    private long seenTopics = -1;
    private String lookedUpTo = "";
    private boolean looking;

    /** Who is told. */
    public interface Listener {
        /** A topic has got its first subscriber or lost its last; returns false if that is to be told again later. */
        boolean changed(String topic, boolean isActive);
    }

    /** Does not look yet. */
    public TopicActivity(RoutingContext context, Listener listener) {
        this.context = context;
        this.topics = context.router().topics();
        this.subscriptions = context.router().subscriptions();
        this.listener = listener;
    }

    /** Looks from now on. */
    public void begin() {
        context.loop().repeat(PERIOD_NANOS, this::lookForChanges);
    }

    private void lookForChanges() {
        if (looking || (subscriptions.version() == seenSubscriptions && topics.changes() == seenTopics)) {
            return;
        }
        seenSubscriptions = subscriptions.version();
        seenTopics = topics.changes();
        lookedUpTo = "";
        look();
    }

    private void look() {
        looking = false;
        for (int i = 0; i < TOPICS_A_STEP; i++) {
            TopicState topic = topics.next(lookedUpTo, true);
            if (topic == null) {
                return;
            }
            lookedUpTo = topic.name();
            if (topic.declaration() != null) {
                tell(topic.name(), subscriptions.anyFor(topic.name()));
            }
        }
        context.loop().schedule(STEP_NANOS, this::look);
        looking = true;
    }

    private void tell(String topic, boolean isActive) {
        if (isActive == active.contains(topic)) {
            return;
        }
        if (!listener.changed(topic, isActive)) {
            seenSubscriptions = -1; // the next look comes again
        } else if (isActive) {
            active.add(topic);
        } else {
            active.remove(topic);
        }
    }

    /** Tells of those that are active that they are no more: the broker ends. */
    public void end() {
        active.forEach(topic -> listener.changed(topic, false));
        active.clear();
    }
}
