package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.HistoryAck;
import io.github.robotstream.internal.protocol.Request.History;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.HistoryQuery;
import io.github.robotstream.internal.routing.Progress;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads pages of a topic's history for a session's client. Broker thread. */
final class HistoryRequests {
    private final RequestContext parts;
    private final Runnable onStoreAnswered;
    private final Router router;
    private final Outbound outbound;
    private final Work work;

    /** @param onStoreAnswered told when an unfinished request can go on that waits for the topic store; any thread */
    HistoryRequests(RequestContext parts, Runnable onStoreAnswered) {
        this.parts = parts;
        this.onStoreAnswered = onStoreAnswered;
        this.router = parts.router();
        this.outbound = parts.outbound();
        this.work = parts.work();
    }

    /** Begins a page. */
    UnfinishedRequest history(History request) throws RequestRejectedException {
        String name = request.topic();
        if (!parts.permissions().maySubscribe(TopicFilter.of(name))) {
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
            return () -> Progress.DONE;
        }
        if (!topic.hasHistory()) {
            String why = topic.isCommand()
                    ? name + " is a command topic: what was said on it is not kept"
                    : name + " has no history: subscribe, and the last messages come";
            throw refused(request, ErrorCode.BAD_REQUEST, why);
        }
        return new HistoryPage(request, id, router.history(topic, request.since(), request.limit()));
    }

    private static RequestRejectedException gap(History request, Optional<Long> oldest) {
        String why = "what comes after this position is not all kept, or it is of another epoch: take "
                + oldest.map(number -> "what is kept, from " + number + " on").orElse("what comes from now on");
        return new RequestRejectedException(
                RequestError.answering(request, ErrorCode.HISTORY_GAP, why).withOldest(oldest));
    }

    private final class HistoryPage implements UnfinishedRequest {
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
                if (query.goOn(onStoreAnswered) == Progress.WAITS) {
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
                reply.add(next.envelope(), next.numbers(parts.shared().identity.startedNanos()));
                written++;
            }
            outbound.reply(reply.end(query.isComplete()));
            return Progress.DONE;
        }

        private HistoryAck begin() throws RequestRejectedException {
            StoreFailures.check(request, query.failure());
            if (query.isGap()) {
                throw gap(request, query.oldest());
            }
            return new HistoryAck(id, request.topic(), query.epoch(), DeliveryQueue.MAX_FRAME_BYTES);
        }
    }
}
