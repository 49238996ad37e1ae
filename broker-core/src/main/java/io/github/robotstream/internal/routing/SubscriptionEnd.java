package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of a client's subscription, in bounded steps. Of what waits, messages go to others of the session's subscriptions that
 * want them, and the rest is lost, but for what is sent before the end is done. Broker thread.
 */
public final class SubscriptionEnd {
    /** What an end costs in itself, with what is told of it: a newer token may end many. */
    private static final int LOOKS_EACH = 8;
    /** So many messages are given away in the time of a look. */
    private static final int MESSAGES_A_LOOK = 16;

    private final RemoteSubscriber former;
    private final DeliveryQueue queue;
    private final Iterator<TopicState> topics;
    private final Map<TopicState, RemoteSubscriber> heirs = new HashMap<>();
    private @Nullable TopicState topic;
    private @Nullable RemoteSubscriber heir;
    private int compared;
    private int lost;

    /** The end of a subscription that is in the table no more. */
    SubscriptionEnd(RemoteSubscriber former) {
        this.former = former;
        this.queue = former.queue();
        queue.ends();
        // First: what comes from now on goes to heirs at once, and has to come behind these.
        passOnDeferred();
        boolean mayHaveHeirs = former.name().isEmpty() && queue.subscriptions().size() > 1;
        if (mayHaveHeirs) {
            queue.releaseHeld(former);
        }
        topics = mayHaveHeirs ? queue.topicsOf(former).iterator() : Collections.emptyIterator();
    }

    /** Gives the live messages that wait for its replay to those that get their topics' messages from now on. */
    private void passOnDeferred() {
        for (RoutedMessage message : former.endReplay()) {
            RemoteSubscriber next = null;
            for (RemoteSubscriber candidate : queue.subscriptions()) {
                next = betterHeir(next, candidate, message.topic());
            }
            if (next == null) {
                lost++;
                queue.loseWithSubscription(1);
            } else {
                next.offer(message);
            }
        }
    }

    /** Does a piece of it, and takes what that costs from the work. Returns whether it is done. */
    public boolean goOn(Work work) {
        while (topic != null || topics.hasNext()) {
            TopicState present = topic == null ? topics.next() : topic;
            topic = present;
            if (!findHeir(present, work)) {
                return false;
            }
            topic = null;
        }
        if (!work.take(LOOKS_EACH + former.queued() / MESSAGES_A_LOOK)) {
            return false;
        }
        lost += queue.remove(former, heirs);
        return true;
    }

    private boolean findHeir(TopicState of, Work work) {
        List<RemoteSubscriber> all = queue.subscriptions();
        while (compared < all.size()) {
            if (!work.takeComparison()) {
                return false;
            }
            heir = betterHeir(heir, all.get(compared), of);
            compared++;
        }
        if (heir != null) {
            heirs.put(of, heir);
        }
        heir = null;
        compared = 0;
        return true;
    }

    private @Nullable RemoteSubscriber betterHeir(
            @Nullable RemoteSubscriber best, RemoteSubscriber candidate, TopicState of) {
        if (candidate == former
                || former.name().isPresent()
                || candidate.name().isPresent()
                || !candidate.filter().matches(of.name())) {
            return best;
        }
        return best == null ? candidate : SubscriptionTable.chosen(best, candidate);
    }

    /** {@return what the subscription was to} */
    public TopicFilter filter() {
        return former.filter();
    }

    /** {@return its name, if it had one} */
    public Optional<String> name() {
        return former.name();
    }

    /** {@return how many messages were lost with it} */
    public int lost() {
        return lost;
    }
}
