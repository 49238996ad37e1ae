package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.PendingCall;
import io.github.robotstream.internal.routing.Services;
import io.github.robotstream.spi.LogEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The calls of services that go on for a session's client, each until it is answered, given up, or its time is over. What is told of one
 * waits while the client does not read its replies: the newest progress, and the outcome. Broker thread.
 */
final class Calls {
    /** Of one session. */
    static final int MOST = 8;
    /** Of all sessions. */
    static final int MOST_IN_ALL = 128;

    private final RequestContext parts;
    private final ErrorReplies errors;
    private final Runnable wake;
    private Map<RequestId, Ongoing> ongoing = Map.of();
    private volatile boolean news;

    private record Ongoing(Request.Call request, PendingCall call, Timers.Timer limit) {}

    /**
     * No call yet.
     *
     * @param wake asks for the session's turn; any thread
     */
    Calls(RequestContext parts, ErrorReplies errors, Runnable wake) {
        this.parts = parts;
        this.errors = errors;
        this.wake = wake;
    }

    /** Has robot code begin a call. */
    void begin(Request.Call request) throws RequestRejectedException {
        String name = request.service();
        if (!parts.permissions().mayCall(name)) {
            throw refused(request, ErrorCode.FORBIDDEN, "the token does not allow to call " + name);
        }
        Services.Service service = parts.router().services().find(name);
        if (service == null) {
            throw refused(request, ErrorCode.UNKNOWN_SERVICE, "the robot has no service " + name);
        }
        if (ongoing.containsKey(request.mark())) {
            throw refused(request, ErrorCode.BAD_REQUEST, "a call with this \"id\" goes on: take another");
        }
        if (ongoing.size() >= MOST) {
            throw refused(request, ErrorCode.OVERLOADED, MOST + " calls of a session go on at the most");
        }
        Ongoing begun = new Ongoing(
                request,
                new PendingCall(parts.authorization().publisher(), name, request.data(), this::hasNewsNow),
                parts.loop().schedule(TimeUnit.MILLISECONDS.toNanos(request.timeoutMs()), () -> timeOver(request)));
        if (!parts.shared().callBudget.take(1)) {
            parts.loop().cancel(begun.limit());
            throw refused(request, ErrorCode.OVERLOADED, "the clients of this robot have " + MOST_IN_ALL + " calls");
        }
        if (ongoing.isEmpty()) {
            ongoing = new LinkedHashMap<>();
        }
        ongoing.put(request.mark(), begun);
        boolean taken = false;
        try {
            taken = service.offer(begun.call());
        } finally {
            if (!taken) {
                end(begun);
            }
        }
        if (!taken) {
            throw refused(request, ErrorCode.OVERLOADED, "too many calls of " + name + " wait");
        }
    }

    private void hasNewsNow() {
        news = true;
        wake.run();
    }

    /** Whether something is to be sent. */
    boolean hasNews() {
        return news;
    }

    /** Sends what there is to be told, as far as the client reads its replies. */
    void deliver() {
        if (!news) {
            return;
        }
        news = false;
        for (Ongoing each : List.copyOf(ongoing.values())) {
            if (!parts.outbound().repliesAreRead()) {
                news = true;
                return;
            }
            deliver(each);
        }
    }

    private void deliver(Ongoing each) {
        PendingCall.Outcome outcome = each.call().outcome(); // first: no progress comes after it
        String progress = each.call().takeProgress();
        if (progress != null) {
            parts.dialect().progress(each.request(), progress).ifPresent(parts.outbound()::reply);
        }
        if (outcome == null) {
            return;
        }
        end(each);
        if (outcome.error().isPresent()) {
            fail(each, outcome.error().get(), outcome.text());
        } else {
            parts.outbound().reply(parts.dialect().answer(each.request(), outcome.text()));
        }
    }

    private void timeOver(Request.Call request) {
        Ongoing late = ongoing.get(request.mark());
        if (late == null || late.request() != request) {
            return;
        }
        end(late);
        String what = request.service() + " has not answered within " + request.timeoutMs() + " ms";
        SessionLog log = parts.log();
        log.tell(log.entry(LogEntry.Level.WARN, "call_timed_out", what).attribute("service", request.service()));
        fail(late, ErrorCode.TIMEOUT, what + "; it may have done what was asked, or do it yet");
    }

    /** The client gives up a call, if it goes on. */
    void cancel(Request.Cancel request) {
        Ongoing cancelled = ongoing.get(request.call());
        if (cancelled != null) {
            end(cancelled);
            fail(cancelled, ErrorCode.CANCELLED, "the call was cancelled");
        }
        request.id().ifPresent(id -> parts.outbound().reply(FrameEncoder.cancelAck(id, request, cancelled != null)));
    }

    /** Ends those that a newer token does not allow. */
    void rightsChanged() {
        Permissions permissions = parts.permissions();
        endThose(each -> !permissions.mayCall(each.request().service()))
                .forEach(each -> fail(each, ErrorCode.FORBIDDEN, "the newer token does not allow this call"));
    }

    /** Nobody waits for any. */
    void endAll() {
        endThose(each -> true);
    }

    private List<Ongoing> endThose(Predicate<Ongoing> which) {
        List<Ongoing> those = ongoing.values().stream().filter(which).toList();
        those.forEach(this::end);
        return those;
    }

    private void end(Ongoing each) {
        if (ongoing.remove(each.request().mark()) != null) {
            parts.shared().callBudget.give(1);
            each.call().giveUp();
            parts.loop().cancel(each.limit());
        }
    }

    private void fail(Ongoing each, ErrorCode code, String message) {
        errors.send(RequestError.answering(each.request(), code, message));
    }
}
