package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Envelope;
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
        checkRoom(request);
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

    private void checkRoom(History request) throws RequestRejectedException {
        if (!outbound.queue().hasRoomForLargeReply()) {
            throw refused(request, ErrorCode.OVERLOADED, "what waits for all clients leaves no room for history");
        }
    }

    private static RequestRejectedException gap(History request, Optional<Long> oldest) {
        String why = "what comes after this position is not all kept, or it is of another epoch: take "
                + oldest.map(number -> "what is kept, from " + number + " on").orElse("what comes from now on");
        return new RequestRejectedException(
                RequestError.answering(request, ErrorCode.HISTORY_GAP, why).withOldest(oldest));
    }

    private final class HistoryPage implements UnfinishedRequest {
        /** A look takes as long as to copy so many bytes. */
        private static final int COPIED_A_LOOK = 4096;
        /** Or to encode so many in base64. */
        private static final int ENCODED_A_LOOK = 1024;

        private final History request;
        private final RequestId id;
        private final HistoryQuery query;
        private @Nullable HistoryAck ack;
        private int bytes; // of the messages and their text
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
            boolean goesOn = false; // nor if it throws
            try {
                goesOn = !write(reply);
            } finally {
                if (!goesOn) {
                    outbound.queue().makesReply(-bytes);
                }
            }
            return goesOn ? Progress.MORE : Progress.DONE;
        }

        private HistoryAck begin() throws RequestRejectedException {
            StoreFailures.check(request, query.failure());
            if (query.isGap()) {
                throw gap(request, query.oldest());
            }
            checkRoom(request); // others may have begun one while the store was asked
            for (RoutedMessage message : query.messages()) {
                bytes += message.envelope().size() + message.envelope().frameBytes(false);
            }
            HistoryAck reply = new HistoryAck(id, request.topic(), query.epoch(), DeliveryQueue.MAX_FRAME_BYTES);
            outbound.queue().makesReply(bytes);
            return reply;
        }

        /** Writes a piece of it, and sends it if that was the last. Returns whether it was. */
        private boolean write(HistoryAck reply) {
            List<RoutedMessage> messages = query.messages();
            while (written < messages.size()) {
                RoutedMessage next = messages.get(written);
                if (!work.take(looks(next.envelope()))) {
                    return false;
                }
                if (reply.add(
                        next.envelope(), next.numbers(parts.shared().identity.startedNanos()))) {
                    written++;
                }
            }
            outbound.reply(reply.end(query.isComplete()));
            return true;
        }

        private static int looks(Envelope message) {
            int piece = Math.min(message.size(), HistoryAck.PIECE_BYTES);
            return 1 + piece / (message.isBinary() ? ENCODED_A_LOOK : COPIED_A_LOOK);
        }
    }
}
