package io.github.robotstream.internal;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A topic of the broker's own that is published once a second while somebody is subscribed to it. For nobody it is not made, and keeps
 * no last value, which would be an old one for who comes next. Broker thread.
 */
final class OnDemandTopic extends LoopTask {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Router router;
    private final TopicState topic;
    private final PayloadHead payloadHead;
    private final Source source;
    private Timers.@Nullable Timer timer;
    private boolean first;
    private boolean making;

    /** What its values are made of. */
    interface Source {
        /**
         * Begins a value.
         *
         * @param first whether nobody has the one before
         * @return whether there is something new to tell
         */
        boolean begin(boolean first);

        /** Does a bounded piece of the value; returns it as JSON once it is whole, else null. */
        @Nullable
        String goOn();
    }

    /** Nobody is subscribed yet. */
    OnDemandTopic(String name, String type, RoutingContext routing, Source source) {
        this.clock = routing.clock();
        this.loop = routing.loop();
        this.router = routing.router();
        this.topic = router.topics().builtIn(name, 0);
        this.payloadHead = new PayloadHead(name, type);
        this.source = source;
    }

    /** Somebody has subscribed, perhaps to this topic. */
    void lookForSubscribers() {
        if (timer == null && isWanted()) {
            first = true;
            timer = loop.repeat(PERIOD_NANOS, this::beginNext);
        }
    }

    private boolean isWanted() {
        return router.subscriptions().anyFor(topic.name());
    }

    private void beginNext() {
        if (!isWanted()) {
            rest();
        } else if (!making && source.begin(first)) {
            making = true;
            loop.wake(this);
        }
    }

    private void rest() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
        making = false;
        router.forgetLatest(topic);
    }

    @Override
    protected boolean take() {
        String json = making ? source.goOn() : null;
        if (json != null) {
            making = false;
            publish(json);
            first = false;
        }
        return making;
    }

    private void publish(String json) {
        Envelope envelope = Envelope.ofValue(topic.head(), payloadHead, json);
        router.route(new RoutedMessage(topic, envelope, RoutedMessage.BROKER, clock.nanoTime(), null));
    }
}
