package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.Request.Acquire;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request.Release;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.CommandWatchdog;
import io.github.robotstream.internal.routing.EpisodeEnd;
import io.github.robotstream.internal.routing.Lease;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The leases of topics, as they concern a session's client: who may publish, and what the client holds. Broker thread. */
final class LeaseRequests {
    private final RequestContext parts;
    private final Router router;
    private final SessionLog log;
    private final Outbound outbound;

    LeaseRequests(RequestContext parts) {
        this.parts = parts;
        this.router = parts.router();
        this.log = parts.log();
        this.outbound = parts.outbound();
    }

    void acquire(Acquire request) throws RequestRejectedException {
        String topic = request.topic();
        if (!parts.permissions().mayPublish(topic)) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to publish on " + topic);
        }
        Lease lease = lease(request, router.topics().find(topic));
        checkFree(request, lease, log.id());
        lease.acquire(parts.authorization().publisher(), TimeUnit.MILLISECONDS.toNanos(request.ttlMs()));
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.acquireAck(id, request)));
    }

    void release(Release request) throws RequestRejectedException {
        TopicState topic = router.topics().find(request.topic());
        Lease lease = topic == null ? null : topic.lease();
        CommandWatchdog watchdog = topic == null ? null : topic.watchdog();
        boolean isDone = watchdog != null && lease == null; // an episode may have ended just before
        if (lease != null && lease.isHeldBy(log.id())) {
            lease.end("released");
            isDone = true;
        }
        if (watchdog != null && watchdog.isCommandedBy(log.id())) {
            watchdog.commanderGone(log.id(), EpisodeEnd.RELEASED);
            isDone = true;
        }
        if (!isDone && request.id().isPresent()) {
            throw refused(
                    request,
                    ErrorCode.LEASE_REQUIRED,
                    "this session neither holds " + request.topic() + " nor commands there");
        }
        request.id().ifPresent(id -> outbound.reply(FrameEncoder.releaseAck(id, request)));
    }

    /** Throws if another than this session holds a topic's lease, or nobody and it is required. */
    static void check(Publish request, Lease lease, String session) throws RequestRejectedException {
        checkFree(request, lease, session);
        if (lease.isRequired() && !lease.isHeldBy(session)) {
            throw refused(
                    request,
                    ErrorCode.LEASE_REQUIRED,
                    request.topic() + " is for who holds its lease: send acquire first, and publish before it expires");
        }
    }

    /** Throws if another than this session holds a topic's lease. */
    private static void checkFree(Request.OfTopic request, Lease lease, String session)
            throws RequestRejectedException {
        Optional<Sender> holder = lease.heldByOtherThan(session);
        if (holder.isPresent()) {
            String message =
                    holder.get() + " has the lease of " + request.topic() + ": wait until it is released or expires";
            throw new RequestRejectedException(RequestError.answering(request, ErrorCode.LEASE_HELD, message)
                    .withHolder(holder.get().name()));
        }
    }

    /** {@return the lease that a client asks for} Throws if there is none. */
    private static Lease lease(Acquire request, @Nullable TopicState topic) throws RequestRejectedException {
        Lease lease = topic == null ? null : topic.lease();
        if (lease == null) {
            boolean isStop = topic != null && topic.stopValue().isPresent();
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    isStop
                            ? request.topic() + " is a stop topic, which nobody holds: publish without a lease"
                            : request.topic() + " has no lease: publish without one");
        }
        return lease;
    }

    /** The rights are others now: where the client may not publish any more, it holds nothing and commands nothing. */
    void rightsChanged() {
        router.watchdogs().rightsChanged(log.id(), parts.permissions()::mayPublish);
        router.leases().rightsChanged(log.id(), parts.permissions()::mayPublish);
    }

    /** Ends the client's command episodes and leases. May be called again, if it throws for want of memory. */
    void sessionEnded(EpisodeEnd why) {
        router.watchdogs().sessionEnded(log.id(), why);
        router.leases().sessionEnded(log.id());
    }
}
