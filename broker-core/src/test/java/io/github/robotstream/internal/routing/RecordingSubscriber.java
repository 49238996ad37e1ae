package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it is offered. */
final class RecordingSubscriber extends Subscriber {
    private final Object owner;
    private final List<RoutedMessage> got = new ArrayList<>();

    RecordingSubscriber(String filter) {
        super(TopicFilter.of(filter));
        this.owner = this;
    }

    /** One of several subscriptions of an owner. */
    RecordingSubscriber(String filter, Object owner) {
        super(TopicFilter.of(filter));
        this.owner = owner;
    }

    @Override
    protected Object owner() {
        return owner;
    }

    @Override
    protected void offer(RoutedMessage message) {
        got.add(message);
    }

    /** Topic and value of each message: {@code pose 3}. */
    List<String> values() {
        return got.stream()
                .map(m -> m.topic().name() + " " + m.envelope().valueJson())
                .toList();
    }

    List<Long> sequences() {
        return got.stream().map(RoutedMessage::sequence).toList();
    }

    List<RoutedMessage> got() {
        return got;
    }
}
