package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import org.jspecify.annotations.Nullable;

/** Whoever gets the messages that match a filter, with a queue of its own for them. All methods are for the broker thread. */
public abstract class Subscriber {
    private final TopicFilter filter;
    long ordinal;

    protected Subscriber(TopicFilter filter) {
        this.filter = filter;
    }

    /** What is subscribed to. */
    public final TopicFilter filter() {
        return filter;
    }

    /** Whose it is: of an owner's subscriptions that overlap, one gets a message. */
    protected abstract Object owner();

    /** Whether it is one of a session's. */
    boolean isOf(@Nullable Object session) {
        return owner().equals(session);
    }

    /** So many messages of a topic were lost before they could be offered. */
    void missed(long messages) {}

    /** Messages that are less grave are left out. */
    int leastSeverity() {
        return 0;
    }

    /** It is offered last values now: messages up to that one were published before. */
    protected void retainedUpTo(long lastOrdinal) {}

    /** Takes a message into its queue, by the policy of that queue; never blocks. */
    protected abstract void offer(RoutedMessage message);

    /** Takes messages, as one after the other. */
    void offer(MessageRun run) {
        run.forEach(this::offer);
    }
}
