package io.github.robotstream.internal.session;

import io.github.robotstream.FrameStyle;
import io.github.robotstream.RequestRate;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Pool;
import io.github.robotstream.spi.LogEntry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session's connection to what its requests do: the thread that reads makes requests of frames and leaves
 * them in the session's lane, the broker thread takes a few at a time. A client that sends faster than that is read no
 * further until they are done, and one that does not read its replies gets none of its requests done. One that has left
 * needs no replies: what it published before is published all the same, as many send one value and close at once.
 */
final class Inbound implements Incoming.Handler {
    private static final int REQUESTS_A_TURN = 16;
    private static final int MOST_REPLIES_WAITING = 64;
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

    private final Session session;
    private final Connection connection;
    private final RequestLane requests;
    private final Pool<RequestDecoder> decoders;
    private final TypeCheck typeCheck;
    private final PendingCheck pendingCheck;
    private final SessionRequests sessionRequests;
    private final RequestHandler handler;
    private final ErrorReplies errors;
    private final Pace pace;
    private final BrokerLoop loop;
    private volatile boolean paused;
    // The broker thread's.
    private boolean looksAgain;
    private int undone;
    private @Nullable Request lastAsked;

    Inbound(Session session, Connection connection, FrameStyle style, SessionContext context) {
        this.session = session;
        this.connection = connection;
        this.requests = new RequestLane(context.limits().messageBytes(), context.requests());
        this.decoders = context.decoders();
        this.typeCheck = new TypeCheck(
                () -> session.principal().permissions(), context.router().topics());
        this.pendingCheck = new PendingCheck(
                context.codecThreads(),
                context.clock(),
                context.loop(),
                () -> context.loop().wake(session),
                this::tellSlowCodec);
        this.errors = new ErrorReplies(session, style, context);
        RequestRate rate =
                session.principal().requestRate().orElse(context.limits().requestRate());
        this.pace = new Pace(rate, context.clock());
        this.loop = context.loop();
        this.sessionRequests = new SessionRequests(session, errors, pendingCheck, pace, context);
        this.handler = new RequestHandler(session, errors, pace, sessionRequests, context);
    }

    /**
     * Takes a frame's text; the thread that reads.
     *
     * @param arrivedNanos when it was complete on this side of the socket, by the monotonic clock
     */
    void receive(byte[] utf8, long arrivedNanos) {
        requests.offer(read(utf8, arrivedNanos), utf8.length);
        boolean tooFast = pace.isTooFast(utf8.length);
        if (tooFast || requests.wantsPause()) {
            pause();
        }
    }

    /** Counts a ping or pong; true if the session has to be attended to. The thread that reads. */
    boolean receiveControl(int payloadBytes) {
        boolean tooFast = pace.isTooFast(payloadBytes);
        if (tooFast) {
            pause();
        }
        return tooFast;
    }

    private void pause() {
        // In this order: were it the other way round, the broker thread could resume in between, and nobody after it.
        connection.pauseReading();
        paused = true;
    }

    private Incoming read(byte[] utf8, long arrivedNanos) {
        RequestDecoder decoder = decoders.take();
        try {
            return typeCheck.check(decoder.decode(utf8, 0, utf8.length), arrivedNanos);
        } catch (RequestRejectedException e) {
            return new Incoming.Rejected(e.error());
        } finally {
            decoders.giveBack(decoder);
        }
    }

    /** Has the next few requests done; broker thread. */
    void takeSome() {
        goOn();
        takeVerdict();
        for (int i = 0; i < REQUESTS_A_TURN && mayTake(); i++) {
            Incoming next = requests.poll();
            if (next == null) {
                break;
            }
            next.handle(this);
        }
        int refused = requests.takeRefused();
        if (refused > 0) {
            errors.sendOverloaded(refused);
        }
        if (paused && !requests.wantsPause()) {
            readOn();
        }
    }

    private void takeVerdict() {
        Incoming verdict = pendingCheck.takeVerdict();
        if (verdict instanceof Incoming.Renewed renewed && session.isServed()) {
            // First: the end of the older token may have come by now, and does not count any more.
            renewed(renewed);
            verdict = null;
        }
        session.authorization().endIfDue();
        if (verdict != null && session.isServed()) {
            verdict.handle(this);
        } else if (verdict != null) {
            undone++;
        }
    }

    private void goOn() {
        session.queue().work().renew();
        if (!session.isOpen()) {
            handler.cancel();
        }
        if (handler.isBusy()) {
            guarded(Objects.requireNonNull(lastAsked), handler::goOn);
        }
    }

    private void readOn() {
        long wait = pace.nanosToReading();
        if (wait <= 0) {
            paused = false;
            connection.resumeReading();
        } else if (!looksAgain && session.isOpen()) {
            looksAgain = true;
            loop.schedule(Math.min(wait, LONGEST_WAIT_NANOS), () -> {
                looksAgain = false;
                loop.wake(session);
            });
        }
    }

    @Override
    public void asked(Incoming.Asked asked) {
        carryOut(asked.request(), asked.arrivedNanos());
    }

    @Override
    public void unallowed(Incoming.Unallowed unallowed) {
        typeCheck.checkAgain(unallowed).handle(this);
    }

    @Override
    public void unchecked(Incoming.Unchecked unchecked) {
        pendingCheck.begin(unchecked);
    }

    @Override
    public void rejected(Incoming.Rejected rejected) {
        errors.send(rejected.error());
    }

    @Override
    public void renewed(Incoming.Renewed renewed) {
        handler.begin(sessionRequests.renewed(renewed));
    }

    @Override
    public void notRenewed(Incoming.NotRenewed notRenewed) {
        sessionRequests.notRenewed(notRenewed);
    }

    private void tellSlowCodec(Incoming.Unchecked unchecked) {
        String topic = unchecked.topic().name();
        String message = "the codec of " + topic + " has taken longer than " + PendingCheck.CODEC_SECONDS
                + " s to check what " + session.id() + " published";
        session.log(session.entry(LogEntry.Level.ERROR, "codec_failed", message).topic(topic));
    }

    /** A fault of the broker in one request ends that request and no other. */
    private void carryOut(Request request, long arrivedNanos) {
        // What was published before the client left is still done, and what it may publish is what its last token says.
        if (session.hasLeft() && !(request instanceof Publish || request instanceof Auth)) {
            return;
        }
        // A publish is done at once, and may be too large to be kept after that.
        lastAsked = request instanceof Publish ? null : request;
        guarded(request, () -> handler.handle(request, arrivedNanos));
    }

    private void guarded(Request request, Runnable work) {
        try {
            work.run();
        } catch (Throwable t) {
            session.log(session.entry(
                    LogEntry.Level.ERROR, "internal_fault", request.action().word() + " failed: " + FailureText.of(t)));
            errors.send(
                    RequestError.answering(request, ErrorCode.INTERNAL, "a fault of the broker, which has logged it"));
        }
    }

    /** What waits is not to be done; broker thread. */
    void discard() {
        undone += requests.discard();
    }

    /** How many requests the client sent that were not done; broker thread. */
    int undone() {
        return undone + (pendingCheck.isUnderWay() ? 1 : 0);
    }

    private boolean mayTake() {
        boolean repliesAreRead = session.hasLeft() || session.queue().replies() < MOST_REPLIES_WAITING;
        return session.isServed() && !pendingCheck.isUnderWay() && !handler.isBusy() && repliesAreRead;
    }

    /** Whether nothing is left of what the client asked, not even for a codec or the verifier to judge; broker thread. */
    boolean isDone() {
        return requests.isEmpty() && !pendingCheck.isUnderWay() && !handler.isBusy();
    }

    /** Whether requests wait that can be done now; broker thread. */
    boolean hasMore() {
        return handler.isBusy() || (mayTake() && !requests.isEmpty());
    }
}
