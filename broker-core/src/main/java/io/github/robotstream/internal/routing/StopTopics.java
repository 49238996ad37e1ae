package io.github.robotstream.internal.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The {@link StopTopic}s of a broker. Broker thread. */
public final class StopTopics {
    private final List<StopTopic> all = new ArrayList<>(); // complete before the broker thread runs

    /**
     * Makes a declared topic a stop topic; before the broker thread runs.
     *
     * @param stops whether a value, valid JSON, stops the robot
     */
    public void add(TopicState topic, Predicate<String> stops, RoutingContext routing) {
        StopTopic stop = new StopTopic(topic, stops, routing.log());
        topic.stop(stop);
        all.add(stop);
    }

    /** {@return the stop topics, in the order of their declaration} */
    public List<StopTopic> all() {
        return Collections.unmodifiableList(all);
    }
}
