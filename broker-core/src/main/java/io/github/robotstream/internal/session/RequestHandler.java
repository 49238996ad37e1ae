package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request.Hello;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.SubscriptionEnd;
import io.github.robotstream.internal.routing.TopicMaker;
import io.github.robotstream.internal.routing.TopicSearch;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what a session's client asks, as far as its permissions and limits go. Broker thread. */
final class RequestHandler implements Action.Handler {
    private final Session session;
    private final ErrorReplies errors;
    private final SessionContext context;
    private final Router router;
    private final Pace pace;
    private final SessionRequests sessionRequests;
    private final Work work;
    private int topicsMade;
    private @Nullable Unfinished unfinished;

    RequestHandler(
            Session session, ErrorReplies errors, Pace pace, SessionRequests sessionRequests, SessionContext context) {
        this.session = session;
        this.sessionRequests = sessionRequests;
        this.pace = pace;
        this.errors = errors;
        this.context = context;
        this.router = context.router();
        this.work = session.queue().work();
    }

    void handle(Request request, long arrivedNanos) {
        pace.charge(work.takeSteps());
        long wait = pace.nanosToNextRequest();
        if (wait > 0) {
            String most = pace.rate().requestsPerSecond() + " requests a second are the most";
            errors.send(RequestError.answering(request, ErrorCode.RATE_LIMITED, most)
                    .withRetryAfter(Duration.ofNanos(wait)));
        } else {
            request.carryOut(this, arrivedNanos);
        }
    }

    @Override
    public void auth(Auth request) {
        sessionRequests.auth(request);
    }

    @Override
    public void hello(Hello request) {
        sessionRequests.hello(request);
    }

    @Override
    public void subscribe(Subscribe request) {
        TopicFilter filter = TopicFilter.of(request.topic());
        if (!permissions().maySubscribe(filter)) {
            refuse(request, ErrorCode.FORBIDDEN, "the token does not allow to subscribe to all of " + filter);
            return;
        }
        RemoteSubscriber present = session.subscriptions().get(request.topic());
        int most = context.limits().subscriptionsPerSession();
        if (present == null && session.subscriptions().size() >= most) {
            refuse(request, ErrorCode.TOO_MANY_SUBSCRIPTIONS, "a session may hold " + most + " subscriptions");
            return;
        }
        SubscribeOptions options = effective(request.options(), filter, present == null);
        RemoteSubscriber subscriber = present == null ? new RemoteSubscriber(filter, session.queue()) : present;
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

    private void subscribe(Subscribe request, RemoteSubscriber subscriber, SubscribeOptions options, boolean known) {
        boolean isNew = !session.subscriptions().containsKey(request.topic());
        if (isNew && !router.subscribe(subscriber)) {
            refuse(
                    request,
                    ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                    "the subscriptions of all clients take as much memory as they may: end some, or use shorter filters");
            return;
        }
        session.subscriptions().put(request.topic(), subscriber);
        router.minSeverity(subscriber, severity(options));
        request.id().ifPresent(id -> session.reply(FrameEncoder.subscribeAck(id, request.topic(), known, options)));
        if (options.retained().orElse(false)) {
            router.replay(subscriber);
        }
        if (isNew) {
            tell("subscribed", "to", request.topic());
        }
    }

    /** Does a first piece of what takes its time; the rest is for {@link #goOn}. */
    void begin(Unfinished request) {
        unfinished = request.goOn() ? null : request;
    }

    /** Goes on with the request that is not done yet. */
    void goOn() {
        Unfinished present = unfinished;
        if (present != null) {
            unfinished = null; // a fault ends it
            begin(present);
        }
    }

    /** Whether a request is not done yet: the next ones wait. */
    boolean isBusy() {
        return unfinished != null;
    }

    /** The session has ended: nobody needs the rest. */
    void cancel() {
        unfinished = null;
    }

    /** What is in effect: of what was asked, that which means something for these topics. */
    private SubscribeOptions effective(SubscribeOptions asked, TopicFilter filter, boolean first) {
        TopicState only = router.topics().find(filter.toString());
        boolean retains = only == null || !only.isCommand();
        return new SubscribeOptions(
                Optional.of(retains && asked.retained().orElse(first)),
                asked.minLevel().filter(level -> filter.matches(LossReport.LOGS)));
    }

    private static int severity(SubscribeOptions options) {
        return options.minLevel()
                .map(level -> LogEntry.Level.valueOf(level).severity())
                .orElse(0);
    }

    @Override
    public void unsubscribe(Unsubscribe request) {
        RemoteSubscriber present = session.subscriptions().remove(request.topic());
        if (present == null) {
            request.id()
                    .ifPresent(id -> refuse(
                            request, ErrorCode.NOT_SUBSCRIBED, "there is no subscription to " + request.topic()));
            return;
        }
        session.tellLosses(present);
        SubscriptionEnd end = router.end(present);
        begin(() -> {
            boolean done = end.goOn(work);
            if (done) {
                request.id().ifPresent(id -> session.reply(FrameEncoder.unsubscribeAck(id, request.topic())));
                tell("unsubscribed", "from", request.topic());
            }
            return done;
        });
    }

    @Override
    public void publish(Publish request, long arrivedNanos) {
        String topic = request.topic();
        if (!permissions().mayPublish(topic)) {
            refuse(
                    request,
                    ErrorCode.FORBIDDEN,
                    TopicFilter.isReserved(topic)
                            ? topic + " belongs to the broker: nobody publishes there"
                            : "the token does not allow to publish on " + topic);
            return;
        }
        TopicState state = topic(request);
        if (state == null) {
            return;
        }
        Envelope envelope = Envelope.of(state.head(), request.payload());
        if (envelope.size() > DeliveryQueue.MAX_FRAME_BYTES) {
            refuse(request, ErrorCode.TOO_LARGE, "the message is larger than the 1 MiB that other clients take");
            return;
        }
        RoutedMessage message = new RoutedMessage(
                state, envelope, session.principal().name(), arrivedNanos, request.echo() ? null : session.queue());
        int reached = router.route(message);
        request.id().ifPresent(id -> session.reply(FrameEncoder.publishAck(id, topic, message.sequence(), reached)));
    }

    private @Nullable TopicState topic(Publish request) {
        TopicState known = router.topics().find(request.topic());
        if (known != null) {
            return known;
        }
        int most = context.limits().newTopicsPerSession();
        if (topicsMade >= most) {
            refuse(request, ErrorCode.TOO_MANY_TOPICS, "a session may bring " + most + " topics into being");
            return null;
        }
        String subject = session.principal().name();
        TopicState made = router.topics().findOrMake(request.topic(), TopicMaker.client(subject));
        if (made != null) {
            topicsMade++;
        } else if (router.topics().hasShareLeft(subject)) {
            refuse(request, ErrorCode.TOO_MANY_TOPICS, "the broker keeps no more topics");
        } else {
            String share =
                    "the clients of a subject may keep " + router.topics().mostOfSubject() + " topics in being";
            refuse(request, ErrorCode.TOO_MANY_TOPICS, share);
        }
        return made;
    }

    private Permissions permissions() {
        return session.principal().permissions();
    }

    private void refuse(Request request, ErrorCode code, String message) {
        errors.send(RequestError.answering(request, code, message));
    }

    private void tell(String event, String preposition, String topic) {
        String message = session.id() + " " + event + " " + preposition + " " + topic;
        session.log(session.entry(LogEntry.Level.INFO, event, message).topic(topic));
    }
}
