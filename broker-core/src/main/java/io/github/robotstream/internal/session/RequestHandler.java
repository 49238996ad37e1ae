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
import io.github.robotstream.internal.protocol.Request.Stop;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Topics;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.EpisodeEnd;
import io.github.robotstream.internal.routing.Progress;
import io.github.robotstream.internal.routing.Work;
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
    private final SessionSubscriptions subscriptions;
    private final Pace pace;
    private final Outbound outbound;
    private final Work work;
    private final Consumer<Auth> judge;
    private final Runnable wake;
    private final PublishRequests publishes;
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
        this.subscriptions = subscriptions;
        this.pace = parts.authorization().pace();
        this.outbound = parts.outbound();
        this.work = parts.work();
        this.judge = judge;
        this.wake = wake;
        this.publishes = new PublishRequests(parts);
        this.calls = calls;
    }

    /** Does a request, or begins it, if the rate allows it. */
    void handle(Request request, long arrivedNanos) throws RequestRejectedException {
        pace.charge(work.takeSteps());
        if (!(request instanceof Publish)) {
            publishes.routeCollected();
        }
        long wait = pace.nanosToNextRequest();
        if (wait > 0 && !(request instanceof Stop && pace.admitsStop())) {
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

    private SubscribeRequests subscribes() {
        return new SubscribeRequests(parts, subscriptions, this::storeAnswered);
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
        begin(subscribes().subscribe(request));
    }

    @Override
    public void unsubscribe(Unsubscribe request) throws RequestRejectedException {
        begin(subscribes().unsubscribe(request));
    }

    @Override
    public void history(History request) throws RequestRejectedException {
        begin(new HistoryRequests(parts, this::storeAnswered).history(request));
    }

    @Override
    public void publish(Publish request, long arrivedNanos) throws RequestRejectedException {
        publishes.publish(request, arrivedNanos);
    }

    @Override
    public void acquire(Acquire request) throws RequestRejectedException {
        new LeaseRequests(parts).acquire(request);
    }

    @Override
    public void release(Release request) throws RequestRejectedException {
        new LeaseRequests(parts).release(request);
    }

    @Override
    public void stop(Stop request, long arrivedNanos) throws RequestRejectedException {
        new StopRequests(parts).stop(request, arrivedNanos);
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
        parts.authorization().announceEnd();
    }

    private HelloAck helloAck() {
        Identity broker = parts.shared().identity;
        return new HelloAck(
                broker.name(),
                parts.log().id(),
                parts.log().subject(),
                broker.epoch(),
                parts.clock().now(),
                running(),
                parts.authorization().left(),
                parts.settings(),
                outbound.queue().maxFrameBytes(),
                pace.rate());
    }

    @Override
    public void topics(Topics request) throws RequestRejectedException {
        TopicsPage page = new TopicsPage(request, parts.permissions(), parts.router(), parts.clock());
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
        outbound.reply(
                FrameEncoder.pong(request.mark(), request.time(), parts.clock().now(), running()));
    }

    private Duration running() {
        return Duration.ofNanos(
                parts.clock().nanoTime() - parts.shared().identity.startedNanos());
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
        SessionLog log = parts.log();
        log.tell(log.entry(LogEntry.Level.INFO, "token_renewed", log.id() + " has a newer token"));
        new LeaseRequests(parts).rightsChanged();
        calls.rightsChanged();
        SubscribeRequests.UncoveredEnd end = subscribes().renewed(id);
        unfinished = end.goOn() == Progress.DONE ? null : end;
    }

    /** Ends the client's command episodes and leases. May be called again, if it throws for want of memory. */
    void endCommands(EpisodeEnd why) {
        new LeaseRequests(parts).sessionEnded(why);
    }

    private static RequestRejectedException tooSoon(Request request, String message, long waitNanos) {
        return new RequestRejectedException(RequestError.answering(request, ErrorCode.RATE_LIMITED, message)
                .withRetryAfter(Duration.ofNanos(waitNanos)));
    }
}
