package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.HelloAck;
import io.github.robotstream.internal.protocol.HistoryAck;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.Request.Acquire;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Call;
import io.github.robotstream.internal.protocol.Request.Cancel;
import io.github.robotstream.internal.protocol.Request.Hello;
import io.github.robotstream.internal.protocol.Request.History;
import io.github.robotstream.internal.protocol.Request.Ping;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request.Release;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Topics;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.HistoryQuery;
import io.github.robotstream.internal.routing.Lease;
import io.github.robotstream.internal.routing.Progress;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.Resumption;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what a session's client asks, as far as its permissions and limits go. What takes its time is done in bounded steps, see
 * {@link #goOn}; the next requests wait meanwhile. Broker thread.
 */
final class RequestHandler implements Action.Handler {
    /** For the positions of many topics, each of which the store may take its time for. */
    private static final long LONGEST_LOOKUP_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** As many as one subscribe may name. */
    private static final int MOST_RESUMED_TOPICS = 256;

    private final SessionContext context;
    private final Dialect dialect;
    private final BrokerClock clock;
    private final Router router;
    private final SessionLog log;
    private final SessionAuthorization authorization;
    private final Pace pace;
    private final SessionSubscriptions subscriptions;
    private final Calls calls;
    private final Outbound outbound;
    private final Consumer<Auth> judge;
    private final Runnable wake;
    private final Work work;
    private int topicsMade;
    private @Nullable Unfinished unfinished;
    private boolean waitsForStore;
    /** That the store has answered. */
    private final Runnable answered = this::storeAnswered;

    /** What is left of a request. */
    private interface Unfinished {
        /** Does a piece of it. */
        Progress goOn() throws RequestRejectedException;
    }

    /**
     * Nothing is asked yet.
     *
     * @param judge has a newer token judged; what comes of it is for {@link #renewed}
     * @param wake asks for the session's turn
     */
    RequestHandler(
            SessionContext context,
            Dialect dialect,
            SessionLog log,
            SessionAuthorization authorization,
            SessionSubscriptions subscriptions,
            Calls calls,
            Outbound outbound,
            Consumer<Auth> judge,
            Runnable wake) {
        this.context = context;
        this.dialect = dialect;
        this.clock = context.routing.clock();
        this.router = context.routing.router();
        this.log = log;
        this.authorization = authorization;
        this.pace = authorization.pace();
        this.subscriptions = subscriptions;
        this.calls = calls;
        this.outbound = outbound;
        this.judge = judge;
        this.wake = wake;
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
        Progress progress = request.goOn();
        unfinished = progress == Progress.DONE ? null : request;
        waitsForStore = progress == Progress.WAITS;
    }

    private void storeAnswered() {
        waitsForStore = false;
        wake.run();
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

    /** Whether there is something to do for it now, and not only to wait for the topic store. */
    boolean hasWork() {
        return isBusy() && !waitsForStore;
    }

    /** The session has ended: nobody needs the rest. */
    void cancel() {
        unfinished = null;
    }

    /** Where its client commands, or holds a lease, nobody does from now on. May be called again, if it throws for want of memory. */
    void endCommands() {
        router.watchdogs().sessionEnded(log.id());
        router.leases().sessionEnded(log.id());
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
        begin(() -> {
            if (search.isPresent() && !search.get().goOn(work)) {
                return Progress.MORE;
            }
            Progress progress = resumption.goOn(work, answered);
            if (progress != Progress.DONE && clock.nanoTime() - began > LONGEST_LOOKUP_NANOS) {
                throw overloadedStore(request);
            }
            if (progress == Progress.DONE) {
                boolean known = search.isPresent() && search.get().found();
                subscribe(request, subscriber, options, known, resumption);
            }
            return progress;
        });
    }

    private void subscribe(
            Subscribe request,
            RemoteSubscriber subscriber,
            SubscribeOptions options,
            boolean known,
            Resumption resumption)
            throws RequestRejectedException {
        checkAnswered(request, resumption.failure());
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

    private static RequestRejectedException overloadedStore(Request request) {
        return refused(
                request, ErrorCode.OVERLOADED, "the robot's store of messages is too slow, or has too much to do");
    }

    private static void checkAnswered(Request request, @Nullable Throwable failure) throws RequestRejectedException {
        if (failure instanceof RejectedExecutionException || failure instanceof TimeoutException) {
            throw overloadedStore(request);
        }
        if (failure != null) {
            throw refused(
                    request,
                    ErrorCode.INTERNAL,
                    "the robot's store of messages cannot be read; the broker has logged why");
        }
    }

    /** What is in effect: of what was asked, that which means something for these topics. */
    private SubscribeOptions effective(SubscribeOptions asked, TopicFilter filter, boolean first) {
        TopicState only = router.topics().find(filter.toString());
        boolean retains = only == null || only.isRetained();
        long most = context.settings.queuedMessagesPerSession;
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
            if (!end.goOn(work)) {
                return Progress.MORE;
            }
            request.id().ifPresent(id -> outbound.reply(FrameEncoder.unsubscribeAck(id, request)));
            tell("unsubscribed", log.id() + " unsubscribed from " + topic, topic);
            return Progress.DONE;
        });
    }

    @Override
    public void history(History request) throws RequestRejectedException {
        String name = request.topic();
        if (!permissions().maySubscribe(TopicFilter.of(name))) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to subscribe to " + name);
        }
        if (!outbound.queue().hasRoomForLargeReply()) {
            throw refused(request, ErrorCode.OVERLOADED, "what waits for all clients leaves no room for history");
        }
        TopicState topic = router.topics().find(name);
        RequestId id = request.id().orElseThrow();
        if (topic == null) {
            if (request.since().isPresent()) {
                throw gap(request, Optional.empty());
            }
            outbound.reply(new HistoryAck(id, name, Optional.empty(), DeliveryQueue.MAX_FRAME_BYTES).end(true));
            return;
        }
        if (!topic.hasHistory()) {
            String why = topic.isCommand()
                    ? name + " is a command topic: what was said on it is not kept"
                    : name + " has no history: subscribe, and the last messages come";
            throw refused(request, ErrorCode.BAD_REQUEST, why);
        }
        begin(new HistoryPage(request, id, router.history(topic, request.since(), request.limit())));
    }

    private static RequestRejectedException gap(History request, Optional<Long> oldest) {
        String why = "what comes after this position is not all kept, or it is of another epoch: take "
                + oldest.map(number -> "what is kept, from " + number + " on").orElse("what comes from now on");
        return new RequestRejectedException(
                RequestError.answering(request, ErrorCode.HISTORY_GAP, why).withOldest(oldest));
    }

    private final class HistoryPage implements Unfinished {
        private static final int BYTES_A_LOOK = 4096;

        private final History request;
        private final RequestId id;
        private final HistoryQuery query;
        private @Nullable HistoryAck ack;
        private int written;

        HistoryPage(History request, RequestId id, HistoryQuery query) {
            this.request = request;
            this.id = id;
            this.query = query;
        }

        @Override
        public Progress goOn() throws RequestRejectedException {
            HistoryAck reply = ack;
            if (reply == null) {
                if (query.goOn(answered) == Progress.WAITS) {
                    return Progress.WAITS;
                }
                reply = begin();
                ack = reply;
            }
            List<RoutedMessage> messages = query.messages();
            while (written < messages.size()) {
                RoutedMessage next = messages.get(written);
                if (!work.take(1 + next.envelope().size() / BYTES_A_LOOK)) {
                    return Progress.MORE;
                }
                reply.add(next.envelope(), next.numbers(context.identity.startedNanos()));
                written++;
            }
            outbound.reply(reply.end(query.isComplete()));
            return Progress.DONE;
        }

        private HistoryAck begin() throws RequestRejectedException {
            checkAnswered(request, query.failure());
            if (query.isGap()) {
                throw gap(request, query.oldest());
            }
            return new HistoryAck(id, request.topic(), query.epoch(), DeliveryQueue.MAX_FRAME_BYTES);
        }
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
        TopicState known = router.topics().find(topic);
        if (known != null) {
            CommandRules.checkOwner(request, known);
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(arrivedNanos - context.identity.startedNanos());
        if (micros > request.freshUntilMicros()) {
            throw refused(
                    request,
                    ErrorCode.STALE,
                    "it arrived " + (micros - request.freshUntilMicros()) / 1000
                            + " ms after its time: send it again as new");
        }
        Lease lease = known == null ? null : known.lease();
        if (known != null) {
            CommandRules.checkAge(request, known, micros);
        }
        if (lease != null) {
            CommandRules.checkLease(request, lease, log.id());
        }
        TopicState state = known == null ? make(request) : known;
        Envelope envelope = Envelope.of(state.head(), request.payload());
        int most = context.settings.frameBytes;
        if (envelope.size() > most) {
            throw refused(
                    request,
                    ErrorCode.TOO_LARGE,
                    "the message is larger than the " + most + " bytes that other clients take at the most");
        }
        RoutedMessage message = new RoutedMessage(
                state, envelope, authorization.publisher(), arrivedNanos, request.echo() ? null : outbound.queue());
        boolean hasLeft = state.watchdog() != null && !outbound.isOpen(); // nobody is there who could stop it
        int reached = hasLeft ? Router.TOO_LATE : router.route(message);
        if (reached == Router.TOO_LATE) {
            throw CommandRules.tooLate(request);
        }
        if (lease != null && lease.isHeldBy(log.id())) {
            lease.renew();
        }
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.publishAck(id, topic, message.sequence(), reached)));
    }

    private TopicState make(Publish request) throws RequestRejectedException {
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

    @Override
    public void acquire(Acquire request) throws RequestRejectedException {
        String topic = request.topic();
        if (!permissions().mayPublish(topic)) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to publish on " + topic);
        }
        Lease lease = CommandRules.lease(request, router.topics().find(topic));
        CommandRules.checkFree(request, lease, log.id());
        lease.acquire(authorization.publisher(), TimeUnit.MILLISECONDS.toNanos(request.ttlMs()));
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.acquireAck(id, request)));
    }

    @Override
    public void release(Release request) throws RequestRejectedException {
        TopicState topic = router.topics().find(request.topic());
        Lease lease = topic == null ? null : topic.lease();
        if (lease != null && lease.isHeldBy(log.id())) {
            lease.end("released");
        } else if (request.id().isPresent()) {
            throw refused(request, ErrorCode.LEASE_REQUIRED, "this session does not hold " + request.topic());
        }
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.releaseAck(id, request)));
    }

    @Override
    public void call(Call request) throws RequestRejectedException {
        calls.begin(request);
    }

    @Override
    public void cancel(Cancel request) {
        boolean cancelled = calls.cancel(request.call());
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.cancelAck(id, request, cancelled)));
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
                running(),
                authorization.left(),
                context.settings,
                outbound.queue().maxFrameBytes(),
                pace.rate());
    }

    @Override
    public void topics(Topics request) throws RequestRejectedException {
        TopicsPage page = new TopicsPage(request, permissions(), router, clock);
        begin(() -> {
            if (!page.goOn(work)) {
                return Progress.MORE;
            }
            outbound.reply(page.toFrame());
            return Progress.DONE;
        });
    }

    @Override
    public void ping(Ping request) {
        outbound.reply(FrameEncoder.pong(request.mark(), request.time(), clock.now(), running()));
    }

    private Duration running() {
        return Duration.ofNanos(clock.nanoTime() - context.identity.startedNanos());
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
        router.watchdogs().rightsChanged(log.id(), permissions()::mayPublish);
        router.leases().rightsChanged(log.id(), permissions()::mayPublish);
        calls.rightsChanged(permissions());
        UncoveredEnd end = new UncoveredEnd(id);
        unfinished = end.goOn() == Progress.DONE ? null : end;
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
            id.ifPresent(mark -> outbound.reply(FrameEncoder.authAck(mark, authorization.left(), ended)));
            authorization.announceEnd();
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
