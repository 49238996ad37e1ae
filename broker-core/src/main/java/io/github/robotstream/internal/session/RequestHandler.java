package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.HelloAck;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Hello;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.SubscriptionEnd;
import io.github.robotstream.internal.routing.TopicMaker;
import io.github.robotstream.internal.routing.TopicSearch;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what a session's client asks, as far as its permissions and limits go. What takes its time is done in bounded steps, see
 * {@link #goOn}; the next requests wait meanwhile. Broker thread.
 */
final class RequestHandler implements Action.Handler {
    private final SessionContext context;
    private final Dialect dialect;
    private final BrokerClock clock;
    private final Router router;
    private final SessionLog log;
    private final SessionAuthorization authorization;
    private final Pace pace;
    private final SessionSubscriptions subscriptions;
    private final Outbound outbound;
    private final Consumer<Auth> judge;
    private final Work work;
    private int topicsMade;
    private @Nullable Unfinished unfinished;

    /** What is left of a request. */
    private interface Unfinished {
        /** Does a piece of it; returns whether it is done. */
        boolean goOn() throws RequestRejectedException;
    }

    /**
     * Nothing is asked yet.
     *
     * @param judge has a newer token judged; what comes of it is for {@link #renewed}
     */
    RequestHandler(
            SessionContext context,
            Dialect dialect,
            SessionLog log,
            SessionAuthorization authorization,
            SessionSubscriptions subscriptions,
            Outbound outbound,
            Consumer<Auth> judge) {
        this.context = context;
        this.dialect = dialect;
        this.clock = context.routing.clock();
        this.router = context.routing.router();
        this.log = log;
        this.authorization = authorization;
        this.pace = authorization.pace();
        this.subscriptions = subscriptions;
        this.outbound = outbound;
        this.judge = judge;
        this.work = outbound.queue().work();
    }

    /** Does a request, or begins it, if the rate allows it. */
    void handle(Request request, long arrivedNanos) throws RequestRejectedException {
        pace.charge(work.takeSteps());
        long wait = pace.nanosToNextRequest();
        if (wait > 0) {
            throw tooSoon(request, pace.rate().requestsPerSecond() + " requests a second are the most", wait);
        }
        request.carryOut(this, arrivedNanos);
    }

    /** Does a first piece of what takes its time. */
    private void begin(Unfinished request) throws RequestRejectedException {
        unfinished = request.goOn() ? null : request;
    }

    /** Goes on with the request that is not done yet. */
    void goOn() throws RequestRejectedException {
        Unfinished present = unfinished;
        if (present != null) {
            unfinished = null; // a fault ends it
            begin(present);
        }
    }

    /** Whether a request is not done yet. */
    boolean isBusy() {
        return unfinished != null;
    }

    /** The session has ended: nobody needs the rest. */
    void cancel() {
        unfinished = null;
    }

    @Override
    public void subscribe(Subscribe request) throws RequestRejectedException {
        TopicFilter filter = TopicFilter.of(request.topic());
        if (!permissions().maySubscribe(filter)) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to subscribe to all of " + filter);
        }
        RemoteSubscriber present = subscriptions.find(request.topic(), request.sub());
        int most = context.settings.subscriptionsPerSession;
        if (present == null && subscriptions.size() >= most) {
            throw refused(request, ErrorCode.TOO_MANY_SUBSCRIPTIONS, "a session may hold " + most + " subscriptions");
        }
        SubscribeOptions options = effective(request.options(), filter, present == null);
        RemoteSubscriber subscriber =
                present == null ? new RemoteSubscriber(filter, request.sub(), outbound.queue()) : present;
        if (request.id().isEmpty()) {
            subscribe(request, subscriber, options, false);
            return;
        }
        TopicSearch search = router.search(filter);
        begin(() -> {
            boolean answered = search.goOn(work);
            if (answered) {
                subscribe(request, subscriber, options, search.found());
            }
            return answered;
        });
    }

    private void subscribe(Subscribe request, RemoteSubscriber subscriber, SubscribeOptions options, boolean known)
            throws RequestRejectedException {
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
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.subscribeAck(id, request, known, options)));
        if (options.retained().orElse(false)) {
            router.replay(subscriber);
        }
        if (isNew) {
            tell("subscribed", log.id() + " subscribed to " + request.topic(), request.topic());
        }
    }

    /** What is in effect: of what was asked, that which means something for these topics. */
    private SubscribeOptions effective(SubscribeOptions asked, TopicFilter filter, boolean first) {
        TopicState only = router.topics().find(filter.toString());
        boolean retains = only == null || !only.isCommand();
        long most = context.settings.queuedMessagesPerSession;
        return new SubscribeOptions(
                Optional.of(retains && asked.retained().orElse(first)),
                asked.minLevel().filter(level -> filter.matches(SessionSubscriptions.LOGS)),
                asked.policy(),
                asked.queue().map(length -> Math.min(length, most)),
                asked.overflow(),
                asked.rateHz(),
                asked.maxAgeMs(),
                asked.meta(),
                asked.binary());
    }

    private DeliveryOptions deliveryOptions(SubscribeOptions effective) {
        DeliveryOptions usual = outbound.queue().usual();
        boolean saysHowLongToWait = effective.policy().isPresent()
                || effective.queue().isPresent()
                || effective.maxAgeMs().isPresent();
        return new DeliveryOptions(
                effective
                        .policy()
                        .map(policy -> DeliveryOptions.Policy.valueOf(policy.name()))
                        .orElse(usual.policy()),
                effective.queue().map(Math::toIntExact).orElse(usual.maxQueued()),
                effective.overflow().orElse(usual.overflow()),
                effective.rateHz().map(rate -> (long) (1e9 / rate)).orElse(0L),
                effective.maxAgeMs().map(TimeUnit.MILLISECONDS::toNanos).orElse(0L),
                saysHowLongToWait ? 0 : usual.thinAfterNanos(),
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

    @Override
    public void unsubscribe(Unsubscribe request) throws RequestRejectedException {
        String topic = request.topic();
        RemoteSubscriber present = subscriptions.remove(topic, request.sub());
        if (present == null) {
            if (request.id().isPresent()) {
                throw refused(request, ErrorCode.NOT_SUBSCRIBED, "there is no subscription to " + topic);
            }
            return;
        }
        SubscriptionEnd end = router.end(present);
        begin(() -> {
            boolean done = end.goOn(work);
            if (done) {
                request.id().ifPresent(id -> outbound.reply(FrameEncoder.unsubscribeAck(id, request)));
                tell("unsubscribed", log.id() + " unsubscribed from " + topic, topic);
            }
            return done;
        });
    }

    @Override
    public void publish(Publish request, long arrivedNanos) throws RequestRejectedException {
        String topic = request.topic();
        if (!permissions().mayPublish(topic)) {
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    TopicFilter.isReserved(topic)
                            ? topic + " belongs to the broker: nobody publishes there"
                            : "the token does not allow to publish on " + topic);
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(arrivedNanos - context.identity.startedNanos());
        if (micros > request.freshUntilMicros()) {
            throw refused(
                    request,
                    ErrorCode.STALE,
                    "it arrived " + (micros - request.freshUntilMicros()) / 1000
                            + " ms after its time: send it again as new");
        }
        TopicState state = topicOf(request);
        Envelope envelope = Envelope.of(state.head(), request.payload());
        int most = context.settings.frameBytes;
        if (envelope.size() > most) {
            throw refused(
                    request,
                    ErrorCode.TOO_LARGE,
                    "the message is larger than the " + most + " bytes that other clients take at the most");
        }
        RoutedMessage message = new RoutedMessage(
                state, envelope, log.subject(), arrivedNanos, request.echo() ? null : outbound.queue());
        int reached = router.route(message);
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.publishAck(id, topic, message.sequence(), reached)));
    }

    private TopicState topicOf(Publish request) throws RequestRejectedException {
        TopicState known = router.topics().find(request.topic());
        if (known != null) {
            return known;
        }
        int most = context.settings.newTopicsPerSession;
        if (topicsMade >= most) {
            throw refused(request, ErrorCode.TOO_MANY_TOPICS, "a session may bring " + most + " topics into being");
        }
        TopicState made = router.topics().findOrMake(request.topic(), TopicMaker.client(log.subject()));
        if (made == null) {
            String why = router.topics().hasShareLeft(log.subject())
                    ? "the broker keeps no more topics"
                    : "the clients of a subject may keep " + router.topics().mostOfSubject() + " topics in being";
            throw refused(request, ErrorCode.TOO_MANY_TOPICS, why);
        }
        topicsMade++;
        return made;
    }

    /** Tells what the client is talking to; from now on it is told when its token is about to end. */
    @Override
    public void hello(Hello request) {
        request.maxFrameBytes()
                .ifPresent(most -> outbound.queue().maxFrameBytes(Math.min(most, context.settings.frameBytes)));
        request.id().ifPresent(id -> outbound.reply(helloAck().toFrame(id)));
        authorization.announceEnd();
    }

    private HelloAck helloAck() {
        Identity broker = context.identity;
        return new HelloAck(
                broker.name(),
                log.id(),
                log.subject(),
                broker.epoch(),
                clock.now(),
                Duration.ofNanos(clock.nanoTime() - broker.startedNanos()),
                authorization.left(),
                context.settings,
                outbound.queue().maxFrameBytes(),
                pace.rate());
    }

    @Override
    public void auth(Auth request) throws RequestRejectedException {
        long wait = pace.nanosToNextToken();
        if (wait > 0) {
            String most = Pace.TOKENS_AT_ONCE + " tokens at once, and then one a second, are the most";
            throw tooSoon(request, most, wait);
        }
        judge.accept(request);
    }

    /** The session has a newer token. Ends the subscriptions that it does not cover, and then tells that it was taken. */
    void renewed(Optional<RequestId> id) {
        log.tell(log.entry(LogEntry.Level.INFO, "token_renewed", log.id() + " has a newer token"));
        UncoveredEnd end = new UncoveredEnd(id);
        unfinished = end.goOn() ? null : end;
    }

    private final class UncoveredEnd implements Unfinished {
        private final Optional<RequestId> id;
        private final Iterator<RemoteSubscriber> uncovered =
                subscriptions.notAllowedBy(permissions()).iterator();
        private @Nullable SubscriptionEnd present;
        private int ended;

        UncoveredEnd(Optional<RequestId> id) {
            this.id = id;
        }

        @Override
        public boolean goOn() {
            while (present != null || uncovered.hasNext()) {
                SubscriptionEnd end = present == null ? beginNext() : present;
                present = end;
                if (!end.goOn(work)) {
                    return false;
                }
                present = null;
                ended++;
                tellTaken(end);
            }
            id.ifPresent(mark -> outbound.reply(FrameEncoder.authAck(mark, authorization.left(), ended)));
            authorization.announceEnd();
            return true;
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
        outbound.reply(dialect.unsubscribed(topic, end.name()));
        tell(
                "unsubscribed",
                log.id() + " unsubscribed from " + topic + ", which its newer token does not allow",
                topic);
    }

    private Permissions permissions() {
        return authorization.principal().permissions();
    }

    private static RequestRejectedException refused(Request request, ErrorCode code, String message) {
        return new RequestRejectedException(RequestError.answering(request, code, message));
    }

    private static RequestRejectedException tooSoon(Request request, String message, long waitNanos) {
        return new RequestRejectedException(RequestError.answering(request, ErrorCode.RATE_LIMITED, message)
                .withRetryAfter(Duration.ofNanos(waitNanos)));
    }

    private void tell(String event, String message, String topic) {
        log.tell(log.entry(LogEntry.Level.INFO, event, message).topic(topic));
    }
}
