package io.github.robotstream;

import io.github.robotstream.internal.topic.TopicName;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a client may do: lists of filters of topics to subscribe to and to publish on, and of services to call. Nothing that is not listed is allowed.
 *
 * <p>Topics that belong to the broker ({@code server_logs} and those that begin with {@code $}) are subscribed only by
 * a right that names them, and no right lets a client publish there. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * Permissions operator = Permissions.none().subscribe("pose", "joints/#").publish("cmd_vel").call("robot.dock");
 * operator.mayPublish("cmd_vel");   // true
 * }</pre>
 */
public final class Permissions {
    private static final Permissions NONE = new Permissions(List.of(), List.of(), List.of());
    private static final Permissions ALL =
            NONE.subscribe("#", "server_logs").publish("#").call("#");

    private final List<TopicFilter> subscribe;
    private final List<TopicFilter> publish;
    private final List<TopicFilter> call;

    private Permissions(List<TopicFilter> subscribe, List<TopicFilter> publish, List<TopicFilter> call) {
        this.subscribe = subscribe;
        this.publish = publish;
        this.call = call;
    }

    /** {@return no right at all; the start for {@link #subscribe}, {@link #publish} and {@link #call}} */
    public static Permissions none() {
        return NONE;
    }

    /** {@return the right to subscribe and publish on every topic of the application, to call all its services, and to read {@code server_logs}} */
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
        return new Permissions(plus(subscribe, filters), publish, call);
    }

    /**
     * These permissions, and the right to publish on some more topics.
     *
     * @param filters topic names or filters
     * @return new permissions
     * @throws IllegalArgumentException if one is not a filter
     */
    public Permissions publish(String... filters) {
        return new Permissions(subscribe, plus(publish, filters), call);
    }

    /**
     * These permissions, and the right to call some more services.
     *
     * @param filters names of services, or filters as for topics: {@code arm/#} for all that begin with {@code arm/}
     * @return new permissions
     * @throws IllegalArgumentException if one is not a filter
     */
    public Permissions call(String... filters) {
        return new Permissions(subscribe, publish, plus(call, filters));
    }

    private static List<TopicFilter> plus(List<TopicFilter> present, String[] more) {
        Range.checkNoNull("filters", more);
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
        Objects.requireNonNull(filter, "filter");
        return subscribe.stream().anyMatch(right -> right.covers(filter));
    }

    /**
     * Tells whether a topic may be published on.
     *
     * @param topic a topic name
     * @return whether a right matches it and it does not belong to the broker
     */
    public boolean mayPublish(String topic) {
        Objects.requireNonNull(topic, "topic");
        return !TopicName.isReserved(topic) && anyMatches(publish, topic);
    }

    /**
     * Tells whether a service may be called.
     *
     * @param service the name of a service
     * @return whether a right matches it
     */
    public boolean mayCall(String service) {
        Objects.requireNonNull(service, "service");
        return anyMatches(call, service);
    }

    /** Without a stream: it is asked for each message that a client publishes. */
    private static boolean anyMatches(List<TopicFilter> rights, String name) {
        for (TopicFilter right : rights) {
            if (right.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** {@return what may be subscribed to, in the order it was given} */
    public List<TopicFilter> subscribeFilters() {
        return subscribe;
    }

    /** {@return what may be published on, in the order it was given} */
    public List<TopicFilter> publishFilters() {
        return publish;
    }

    /** {@return which services may be called, in the order it was given} */
    public List<TopicFilter> callFilters() {
        return call;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Permissions p
                && p.subscribe.equals(subscribe)
                && p.publish.equals(publish)
                && p.call.equals(call);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * subscribe.hashCode() + publish.hashCode()) + call.hashCode();
    }

    @Override
    public String toString() {
        return "Permissions[subscribe=" + subscribe + ", publish=" + publish + ", call=" + call + "]";
    }
}
