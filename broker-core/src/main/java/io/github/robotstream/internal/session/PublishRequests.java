package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.Lease;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicMaker;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.topic.TopicName;
import java.util.concurrent.TimeUnit;

/** Publishes for a session's client. Broker thread. */
final class PublishRequests {
    private final RequestContext parts;
    private final Router router;
    private final SessionLog log;
    private final SessionAuthorization authorization;
    private final Outbound outbound;
    /** Messages of one topic that came one after the other, whose client waits for no answer. */
    private final MessageRun run;

    private int topicsMade;

    PublishRequests(RequestContext parts) {
        this.parts = parts;
        this.router = parts.router();
        this.log = parts.log();
        this.authorization = parts.authorization();
        this.outbound = parts.outbound();
        this.run = parts.shared().publishRun;
    }

    /** @param arrivedNanos when its frame was complete on this side of the socket, by the monotonic clock */
    void publish(Publish request, long arrivedNanos) throws RequestRejectedException {
        String topic = request.topic();
        if (!parts.permissions().mayPublish(topic)) {
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    TopicName.isReserved(topic)
                            ? topic + " belongs to the broker: nobody publishes there"
                            : "the token does not allow to publish on " + topic);
        }
        TopicState known = router.topics().find(topic);
        if (known != null) {
            CommandRules.checkOwner(request, known);
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(
                arrivedNanos - parts.shared().identity.startedNanos());
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
            LeaseRequests.check(request, lease, log.id());
        }
        TopicState state = known == null ? make(request) : known;
        Envelope envelope = Envelope.of(state.head(), request.payload());
        int most = parts.settings().frameBytes;
        if (envelope.size() > most) {
            throw refused(
                    request,
                    ErrorCode.TOO_LARGE,
                    "the message is larger than the " + most
                            + " bytes that other clients take at the most: publish less at once");
        }
        RoutedMessage message = new RoutedMessage(
                state, envelope, authorization.publisher(), arrivedNanos, request.echo() ? null : outbound.queue());
        if (request.id().isEmpty() && lease == null && state.watchdog() == null) {
            collect(message);
            return;
        }
        routeCollected();
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

    private void collect(RoutedMessage message) {
        if (run.isEmpty() || !run.add(message)) {
            routeCollected();
            run.begin(message);
        }
    }

    /** Has all of it routed, before anything else is done for the client, and at the end of the session's turn. */
    void routeCollected() {
        if (!run.isEmpty()) {
            try {
                router.route(run);
            } finally {
                run.clear();
            }
        }
    }

    private TopicState make(Publish request) throws RequestRejectedException {
        int most = parts.settings().newTopicsPerSession;
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
}
