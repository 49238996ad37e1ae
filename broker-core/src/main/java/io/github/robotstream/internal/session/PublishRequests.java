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
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.internal.topic.TopicName;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishes for a session's client. Broker thread. */
final class PublishRequests {
    private final RequestContext parts;
    /** Messages of one topic that came one after the other, whose client waits for no answer. */
    private final MessageRun run;

    private int topicsMade;

    PublishRequests(RequestContext parts) {
        this.parts = parts;
        this.run = parts.shared().publishRun;
    }

    /** @param arrivedNanos when its frame was complete on this side of the socket, by the monotonic clock */
    void publish(Publish request, long arrivedNanos) throws RequestRejectedException {
        checkRight(request);
        TopicState known = parts.router().topics().find(request.topic());
        check(request, known, arrivedNanos);
        TopicState state = known == null ? make(request) : known;
        RoutedMessage message = message(request, state, arrivedNanos);
        if (request.id().isEmpty() && state.lease() == null && state.watchdog() == null) {
            collect(message);
        } else {
            routeCollected();
            route(request, state, message);
        }
    }

    private void checkRight(Publish request) throws RequestRejectedException {
        String topic = request.topic();
        if (!parts.permissions().mayPublish(topic)) {
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    TopicName.isReserved(topic)
                            ? topic + " belongs to the broker: nobody publishes there"
                            : "the token does not allow to publish on " + topic);
        }
    }

    /** @param topic null if there is none of that name */
    private void check(Publish request, @Nullable TopicState topic, long arrivedNanos) throws RequestRejectedException {
        if (topic != null) {
            CommandRules.checkOwner(request, topic);
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
        if (topic != null) {
            CommandRules.checkAge(request, topic, micros);
            Lease lease = topic.lease();
            if (lease != null) {
                LeaseRequests.check(request, lease, parts.log().id());
            }
        }
    }

    private RoutedMessage message(Publish request, TopicState topic, long arrivedNanos)
            throws RequestRejectedException {
        Envelope envelope = Envelope.of(topic.head(), request.payload());
        int most = parts.settings().frameBytes;
        if (envelope.size() > most) {
            throw refused(
                    request,
                    ErrorCode.TOO_LARGE,
                    "the message is larger than the " + most
                            + " bytes that other clients take at the most: publish less at once");
        }
        return new RoutedMessage(
                topic,
                envelope,
                parts.authorization().publisher(),
                arrivedNanos,
                request.echo() ? null : parts.outbound().queue());
    }

    private void route(Publish request, TopicState topic, RoutedMessage message) throws RequestRejectedException {
        Outbound outbound = parts.outbound();
        boolean hasLeft = topic.watchdog() != null && !outbound.isOpen(); // nobody is there who could stop it
        int reached = hasLeft ? Router.TOO_LATE : parts.router().route(message);
        if (reached == Router.TOO_LATE) {
            throw CommandRules.tooLate(request);
        }
        Lease lease = topic.lease();
        if (lease != null && lease.isHeldBy(parts.log().id())) {
            lease.renew();
        }
        request.id()
                .ifPresent(id ->
                        outbound.reply(FrameEncoder.publishAck(id, request.topic(), message.sequence(), reached)));
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
                parts.router().route(run);
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
        TopicTable topics = parts.router().topics();
        String subject = parts.log().subject();
        TopicState made = topics.findOrMake(request.topic(), TopicMaker.client(subject));
        if (made == null) {
            String why = topics.hasShareLeft(subject)
                    ? "the broker keeps no more topics"
                    : "the clients of a subject may keep " + topics.mostOfSubject() + " topics in being";
            throw refused(request, ErrorCode.TOO_MANY_TOPICS, why);
        }
        topicsMade++;
        return made;
    }
}
