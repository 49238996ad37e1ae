package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.Auth;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Hello;
import io.github.robotstream.internal.protocol.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.Subscribe;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.protocol.Unsubscribe;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
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
    private int topicsMade;

    RequestHandler(
            Session session, ErrorReplies errors, Pace pace, SessionRequests sessionRequests, SessionContext context) {
        this.session = session;
        this.sessionRequests = sessionRequests;
        this.pace = pace;
        this.errors = errors;
        this.context = context;
        this.router = context.router();
    }

    void handle(Request request, long arrivedNanos) {
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
        request.id()
                .ifPresent(id ->
                        session.reply(FrameEncoder.subscribeAck(id, request.topic(), router.knows(filter), options)));
        RemoteSubscriber subscriber = present == null ? begin(request.topic(), filter) : present;
        subscriber.minSeverity(severity(options));
        if (options.retained().orElse(false)) {
            router.replay(subscriber);
        }
        if (present == null) {
            tell("subscribed", "to", request.topic());
        }
    }

    private RemoteSubscriber begin(String topic, TopicFilter filter) {
        RemoteSubscriber subscriber = new RemoteSubscriber(filter, session.queue());
        session.subscriptions().put(topic, subscriber);
        router.subscribe(subscriber);
        return subscriber;
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
        router.unsubscribe(present);
        request.id().ifPresent(id -> session.reply(FrameEncoder.unsubscribeAck(id, request.topic())));
        tell("unsubscribed", "from", request.topic());
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
        TopicState made = router.topics().findOrMake(request.topic());
        if (made == null) {
            refuse(request, ErrorCode.TOO_MANY_TOPICS, "the broker keeps no more topics");
        } else {
            topicsMade++;
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
