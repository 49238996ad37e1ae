package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.Progress;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.Resumption;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.SubscriptionEnd;
import io.github.robotstream.internal.routing.TopicSearch;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Subscribes for a session's client, and ends subscriptions as the client asks or its rights have it. Broker thread. */
final class SubscribeRequests {
    /** For the positions of many topics, each of which the store may take its time for. */
    private static final long LONGEST_LOOKUP_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** As many as one subscribe may name. */
    private static final int MOST_RESUMED_TOPICS = 256;

    private final RequestContext parts;
    private final SessionSubscriptions subscriptions;
    private final Runnable onStoreAnswered;
    private final Router router;
    private final BrokerClock clock;
    private final SessionLog log;
    private final Outbound outbound;
    private final Work work;

    /** @param onStoreAnswered told when an unfinished request can go on that waits for the topic store; any thread */
    SubscribeRequests(RequestContext parts, SessionSubscriptions subscriptions, Runnable onStoreAnswered) {
        this.parts = parts;
        this.subscriptions = subscriptions;
        this.onStoreAnswered = onStoreAnswered;
        this.router = parts.router();
        this.clock = parts.shared().routing.clock();
        this.log = parts.log();
        this.outbound = parts.outbound();
        this.work = parts.work();
    }

    /** Begins to subscribe: finds out whether the topic is known, and what the client has missed. */
    UnfinishedRequest subscribe(Subscribe request) throws RequestRejectedException {
        TopicFilter filter = TopicFilter.of(request.topic());
        if (!parts.permissions().maySubscribe(filter)) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to subscribe to all of " + filter);
        }
        RemoteSubscriber present = subscriptions.find(request.topic(), request.sub());
        int most = parts.settings().subscriptionsPerSession;
        if (present == null && subscriptions.size() >= most) {
            throw refused(request, ErrorCode.TOO_MANY_SUBSCRIPTIONS, "a session may hold " + most + " subscriptions");
        }
        if (outbound.queue().resumedTopics() + request.since().size() > MOST_RESUMED_TOPICS) {
            throw refused(
                    request,
                    ErrorCode.OVERLOADED,
                    "what was missed of " + outbound.queue().resumedTopics() + " topics is still to be sent, and "
                            + MOST_RESUMED_TOPICS + " are the most: read it, and send this again");
        }
        SubscribeOptions options = effective(request.options(), filter, present == null);
        RemoteSubscriber subscriber =
                present == null ? new RemoteSubscriber(filter, request.sub(), outbound.queue()) : present;
        Resumption resumption = router.resumption(request.since());
        Optional<TopicSearch> search = request.id().map(id -> router.search(filter));
        long began = clock.nanoTime();
        return () -> {
            if (search.isPresent() && !search.get().goOn(work)) {
                return Progress.MORE;
            }
            Progress progress = resumption.goOn(work, onStoreAnswered);
            if (progress != Progress.DONE && clock.nanoTime() - began > LONGEST_LOOKUP_NANOS) {
                throw StoreFailures.overloaded(request);
            }
            if (progress == Progress.DONE) {
                boolean known = search.isPresent() && search.get().found();
                subscribe(request, subscriber, options, known, resumption);
            }
            return progress;
        };
    }

    private void subscribe(
            Subscribe request,
            RemoteSubscriber subscriber,
            SubscribeOptions options,
            boolean known,
            Resumption resumption)
            throws RequestRejectedException {
        StoreFailures.check(request, resumption.failure());
        boolean isNew = subscriptions.find(request.topic(), request.sub()) == null;
        if (isNew && !router.subscribe(subscriber)) {
            throw refused(
                    request,
                    ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                    "the subscriptions of all clients take as much memory as they may: end some, or use shorter filters");
        }
        subscriptions.put(subscriber);
        router.minSeverity(subscriber, severity(options));
        router.options(subscriber, deliveryOptions(options));
        if (request.id().isPresent()) {
            byte[] ack =
                    FrameEncoder.subscribeAck(request.id().get(), request, known, resumption.recoveries(), options);
            if (isNew) {
                outbound.replyFirst(ack);
            } else {
                outbound.reply(ack); // behind messages that were sent by the former options
            }
        }
        boolean lastValues = options.retained().orElse(false);
        if (lastValues || !request.since().isEmpty()) {
            router.resume(subscriber, resumption, lastValues);
        }
        if (isNew) {
            tell("subscribed", log.id() + " subscribed to " + request.topic(), request.topic());
        }
    }

    /** What is in effect: of what was asked, that which means something for these topics. */
    private SubscribeOptions effective(SubscribeOptions asked, TopicFilter filter, boolean first) {
        TopicState only = router.topics().find(filter.toString());
        boolean retains = only == null || only.isRetained();
        long most = parts.settings().queuedMessagesPerSession;
        return new SubscribeOptions(
                Optional.of(retains && asked.retained().orElse(first)),
                asked.minLevel().filter(level -> filter.matches(SessionSubscriptions.LOGS)),
                asked.policy(),
                asked.queue().map(length -> Math.min(length, most)),
                asked.overflow(),
                only == null ? asked.rateHz() : rate(asked.rateHz(), only.maxClientHz()),
                asked.maxAgeMs(),
                asked.meta(),
                asked.binary());
    }

    private static Optional<Double> rate(Optional<Double> asked, double mostHz) {
        boolean isTooMuch = mostHz > 0 && asked.orElse(Double.MAX_VALUE) > mostHz;
        return isTooMuch ? Optional.of(mostHz) : asked;
    }

    private DeliveryOptions deliveryOptions(SubscribeOptions effective) {
        DeliveryOptions usual = outbound.queue().usual();
        if (effective.leavesDeliveryUsual()) {
            return usual; // most clients say nothing: their subscriptions share one
        }
        boolean waitsAtAnyAge =
                effective.policy().isPresent() || effective.queue().isPresent();
        return new DeliveryOptions(
                effective
                        .policy()
                        .map(policy -> DeliveryOptions.Policy.valueOf(policy.name()))
                        .orElse(usual.policy()),
                effective.queue().map(Math::toIntExact).orElse(usual.maxQueued()),
                effective.overflow().orElse(usual.overflow()),
                effective.rateHz().map(rate -> (long) (1e9 / rate)).orElse(0L),
                effective.maxAgeMs().map(TimeUnit.MILLISECONDS::toNanos).orElse(0L),
                waitsAtAnyAge ? 0 : usual.thinAfterNanos(),
                effective.policy().isEmpty()
                        && effective.queue().isEmpty()
                        && effective.overflow().isEmpty(),
                effective.meta().orElse(false),
                effective.binary().orElse(false));
    }

    private static int severity(SubscribeOptions options) {
        return options.minLevel()
                .map(level -> LogEntry.Level.valueOf(level).severity())
                .orElse(0);
    }

    /** Begins to end a subscription. */
    UnfinishedRequest unsubscribe(Unsubscribe request) throws RequestRejectedException {
        String topic = request.topic();
        RemoteSubscriber present = subscriptions.remove(topic, request.sub());
        if (present == null) {
            if (request.id().isPresent()) {
                throw refused(request, ErrorCode.NOT_SUBSCRIBED, "there is no subscription to " + topic);
            }
            return () -> Progress.DONE;
        }
        SubscriptionEnd end = router.end(present);
        return () -> {
            if (!end.goOn(work)) {
                return Progress.MORE;
            }
            request.id().ifPresent(id -> outbound.reply(FrameEncoder.unsubscribeAck(id, request)));
            tell("unsubscribed", log.id() + " unsubscribed from " + topic, topic);
            return Progress.DONE;
        };
    }

    /** Begins to end the subscriptions that a newer token does not cover, and tells then that it was taken. */
    UncoveredEnd renewed(Optional<RequestId> id) {
        return new UncoveredEnd(id);
    }

    /** Nothing is refused on its way. */
    final class UncoveredEnd implements UnfinishedRequest {
        private final Optional<RequestId> id;
        private final Iterator<RemoteSubscriber> uncovered =
                subscriptions.notAllowedBy(parts.permissions()).iterator();
        private @Nullable SubscriptionEnd present;
        private int ended;

        private UncoveredEnd(Optional<RequestId> id) {
            this.id = id;
        }

        @Override
        public Progress goOn() {
            while (present != null || uncovered.hasNext()) {
                SubscriptionEnd end = present == null ? beginNext() : present;
                present = end;
                if (!end.goOn(work)) {
                    return Progress.MORE;
                }
                present = null;
                ended++;
                tellTaken(end);
            }
            id.ifPresent(mark -> outbound.reply(
                    FrameEncoder.authAck(mark, parts.authorization().left(), ended)));
            parts.authorization().announceEnd();
            return Progress.DONE;
        }

        private SubscriptionEnd beginNext() {
            RemoteSubscriber next = uncovered.next();
            subscriptions.remove(next.filter().toString(), next.name());
            return router.end(next);
        }
    }

    private void tellTaken(SubscriptionEnd end) {
        String topic = end.filter().toString();
        subscriptions.tellTaken(end.filter(), end.lost());
        outbound.reply(parts.dialect().unsubscribed(topic, end.name()));
        tell(
                "unsubscribed",
                log.id() + " unsubscribed from " + topic + ", which its newer token does not allow",
                topic);
    }

    private void tell(String event, String message, String topic) {
        log.tell(log.entry(LogEntry.Level.INFO, event, message).topic(topic));
    }
}
