package io.github.robotstream.internal.foxglove;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.ServiceNotice;
import io.github.robotstream.internal.protocol.TopicNotice;
import io.github.robotstream.internal.worker.Pool;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** What the clients of a broker share that speak Foxglove's subprotocol. Each has a dialect of its own, which knows its channels. Any thread. */
public final class Foxglove {
    private final Parts parts;

    /**
     * What the dialects of one broker need.
     *
     * @param topics finds the topic of a number
     * @param declared finds what robot code has declared by a name
     * @param services finds the service of a number
     */
    record Parts(
            IntFunction<Optional<TopicNotice>> topics,
            Function<String, Optional<Topic<?>>> declared,
            IntFunction<Optional<ServiceNotice>> services,
            int mostSubscriptions,
            Pool<JsonScan> scans,
            Bodies bodies) {}

    /**
     * For the clients of one broker.
     *
     * @param topics finds the topic of a number; any thread
     * @param declared finds what robot code has declared by a name; any thread
     * @param services finds the service of a number; any thread
     * @param mostSubscriptions how many one client may have
     */
    public Foxglove(
            IntFunction<Optional<TopicNotice>> topics,
            Function<String, Optional<Topic<?>>> declared,
            IntFunction<Optional<ServiceNotice>> services,
            int mostSubscriptions) {
        this.parts = new Parts(topics, declared, services, mostSubscriptions, new Pool<>(JsonScan::new), new Bodies());
    }

    /** {@return the dialect of one client} */
    public Dialect dialect() {
        return new FoxgloveDialect(parts);
    }
}
