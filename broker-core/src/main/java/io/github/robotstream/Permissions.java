package io.github.robotstream;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a client may do: lists of filters to subscribe to and to publish on. Nothing that is not listed is allowed.
 *
 * <p>Topics that belong to the broker ({@code server_logs} and those that begin with {@code $}) are subscribed only by
 * a right that names them, and no right lets a client publish there. Immutable and safe for use by several threads.
 */
public final class Permissions {
    private static final Permissions NONE = new Permissions(List.of(), List.of());
    private static final Permissions ALL = NONE.subscribe("#", "server_logs").publish("#");

    private final List<TopicFilter> subscribe;
    private final List<TopicFilter> publish;

    private Permissions(List<TopicFilter> subscribe, List<TopicFilter> publish) {
        this.subscribe = subscribe;
        this.publish = publish;
    }

    /** {@return no right at all; the start for {@link #subscribe} and {@link #publish}} */
    public static Permissions none() {
        return NONE;
    }

    /** {@return the right to subscribe and publish on every topic of the application, and to read {@code server_logs}} */
    public static Permissions all() {
        return ALL;
    }

    /**
     * These permissions, and the right to subscribe to some more topics.
     *
     * @param filters topic names or filters
     * @return new permissions
     * @throws IllegalArgumentException if one is not a filter
     */
    public Permissions subscribe(String... filters) {
        return new Permissions(plus(subscribe, filters), publish);
    }

    /**
     * These permissions, and the right to publish on some more topics.
     *
     * @param filters topic names or filters
     * @return new permissions
     * @throws IllegalArgumentException if one is not a filter
     */
    public Permissions publish(String... filters) {
        return new Permissions(subscribe, plus(publish, filters));
    }

    private static List<TopicFilter> plus(List<TopicFilter> present, String[] more) {
        return Stream.concat(present.stream(), Arrays.stream(more).map(TopicFilter::of))
                .toList();
    }

    /**
     * Tells whether all that a filter matches may be subscribed to.
     *
     * @param filter what the client asks for
     * @return whether one right covers it whole
     */
    public boolean maySubscribe(TopicFilter filter) {
        return subscribe.stream().anyMatch(right -> right.covers(filter));
    }

    /**
     * Tells whether a topic may be published on.
     *
     * @param topic a topic name
     * @return whether a right matches it and it does not belong to the broker
     */
    public boolean mayPublish(String topic) {
        return !TopicFilter.isReserved(topic) && publish.stream().anyMatch(right -> right.matches(topic));
    }

    /** {@return what may be subscribed to, in the order it was given} */
    public List<TopicFilter> subscribeFilters() {
        return subscribe;
    }

    /** {@return what may be published on, in the order it was given} */
    public List<TopicFilter> publishFilters() {
        return publish;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Permissions p && p.subscribe.equals(subscribe) && p.publish.equals(publish);
    }

    @Override
    public int hashCode() {
        return 31 * subscribe.hashCode() + publish.hashCode();
    }

    @Override
    public String toString() {
        return "Permissions[subscribe=" + subscribe + ", publish=" + publish + "]";
    }
}
