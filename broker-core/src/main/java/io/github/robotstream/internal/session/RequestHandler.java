package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.HelloAck;
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
import io.github.robotstream.internal.protocol.Request.Services;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Topics;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.Progress;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what a session's client asks, each action in the part that it belongs to, as far as the rate allows. What takes its time is done in
 * bounded pieces, see {@link #goOn}; the next requests wait meanwhile. Broker thread.
 */
final class RequestHandler implements Action.Handler {
    private final RequestContext parts;
    private final BrokerClock clock;
    private final SessionLog log;
    private final SessionAuthorization authorization;
    private final Pace pace;
    private final Outbound outbound;
    private final Work work;
    private final Consumer<Auth> judge;
    private final Runnable wake;
    private final SubscribeRequests subscribes;
    private final HistoryRequests histories;
    private final PublishRequests publishes;
    private final LeaseRequests leases;
    private final Calls calls;
    private @Nullable UnfinishedRequest unfinished;
    private boolean waitsForStore;

    /**
     * Nothing is asked yet.
     *
     * @param judge has a newer token judged; what comes of it is for {@link #renewed}
     * @param wake asks for the session's turn
     */
    RequestHandler(
            RequestContext parts,
            SessionSubscriptions subscriptions,
            Calls calls,
            Consumer<Auth> judge,
            Runnable wake) {
        this.parts = parts;
        this.clock = parts.shared().routing.clock();
        this.log = parts.log();
        this.authorization = parts.authorization();
        this.pace = authorization.pace();
        this.outbound = parts.outbound();
        this.work = parts.work();
        this.judge = judge;
        this.wake = wake;
        this.subscribes = new SubscribeRequests(parts, subscriptions, this::storeAnswered);
        this.histories = new HistoryRequests(parts, this::storeAnswered);
        this.publishes = new PublishRequests(parts);
        this.leases = new LeaseRequests(parts);
        this.calls = calls;
    }

    /** Does a request, or begins it, if the rate allows it. */
    void handle(Request request, long arrivedNanos) throws RequestRejectedException {
        pace.charge(work.takeSteps());
        if (!(request instanceof Publish)) {
            publishes.routeCollected();
        }
        long wait = pace.nanosToNextRequest();
        if (wait > 0) {
            throw tooSoon(request, pace.rate().requestsPerSecond() + " requests a second are the most", wait);
        }
        request.carryOut(this, arrivedNanos);
    }

    /** Does a first piece of what takes its time. */
    private void begin(UnfinishedRequest request) throws RequestRejectedException {
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
        UnfinishedRequest present = unfinished;
        if (present != null) {
            unfinished = null; // a fault ends it
            begin(present);
        }
    }

    /** The session's turn ends: has routed what its client has published. */
    void endTurn() {
        publishes.routeCollected();
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

    @Override
    public void subscribe(Subscribe request) throws RequestRejectedException {
        begin(subscribes.subscribe(request));
    }

    @Override
    public void unsubscribe(Unsubscribe request) throws RequestRejectedException {
        begin(subscribes.unsubscribe(request));
    }

    @Override
    public void history(History request) throws RequestRejectedException {
        begin(histories.history(request));
    }

    @Override
    public void publish(Publish request, long arrivedNanos) throws RequestRejectedException {
        publishes.publish(request, arrivedNanos);
    }

    @Override
    public void acquire(Acquire request) throws RequestRejectedException {
        leases.acquire(request);
    }

    @Override
    public void release(Release request) throws RequestRejectedException {
        leases.release(request);
    }

    @Override
    public void call(Call request) throws RequestRejectedException {
        calls.begin(request);
    }

    @Override
    public void cancel(Cancel request) {
        calls.cancel(request);
    }

    /** Tells what the client is talking to; from now on it is told when its token is about to end. */
    @Override
    public void hello(Hello request) {
        request.maxFrameBytes()
                .ifPresent(most -> outbound.queue().maxFrameBytes(Math.min(most, parts.settings().frameBytes)));
        request.id().ifPresent(id -> outbound.reply(helloAck().toFrame(id)));
        authorization.announceEnd();
    }

    private HelloAck helloAck() {
        Identity broker = parts.shared().identity;
        return new HelloAck(
                broker.name(),
                log.id(),
                log.subject(),
                broker.epoch(),
                clock.now(),
                running(),
                authorization.left(),
                parts.settings(),
                outbound.queue().maxFrameBytes(),
                pace.rate());
    }

    @Override
    public void topics(Topics request) throws RequestRejectedException {
        TopicsPage page = new TopicsPage(request, parts.permissions(), parts.router(), clock);
        begin(() -> {
            if (!page.goOn(work)) {
                return Progress.MORE;
            }
            outbound.reply(page.toFrame());
            return Progress.DONE;
        });
    }

    @Override
    public void services(Services request) throws RequestRejectedException {
        ServicesPage page =
                new ServicesPage(request, parts.permissions(), parts.router().services());
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
        return Duration.ofNanos(clock.nanoTime() - parts.shared().identity.startedNanos());
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

    /** The session has a newer token. Ends what it does not cover, and then tells that it was taken. */
    void renewed(Optional<RequestId> id) {
        log.tell(log.entry(LogEntry.Level.INFO, "token_renewed", log.id() + " has a newer token"));
        leases.rightsChanged();
        calls.rightsChanged();
        SubscribeRequests.UncoveredEnd end = subscribes.renewed(id);
        unfinished = end.goOn() == Progress.DONE ? null : end;
    }

    /** Where the client commands, or holds a lease, nobody does from now on. May be called again, if it throws for want of memory. */
    void endCommands() {
        leases.sessionEnded();
    }

    private static RequestRejectedException tooSoon(Request request, String message, long waitNanos) {
        return new RequestRejectedException(RequestError.answering(request, ErrorCode.RATE_LIMITED, message)
                .withRetryAfter(Duration.ofNanos(waitNanos)));
    }
}
