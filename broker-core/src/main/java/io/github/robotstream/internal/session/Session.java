package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.access.Addresses;
import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.ClientsDocument;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.AgeHistogram;
import io.github.robotstream.internal.routing.EpisodeEnd;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated client on a connection.
 *
 * <p>The broker thread owns the state, see {@link SessionState}. Others leave a request or a fact ({@link #close}, {@link #onClosed},
 * {@link #onWritable}) and ask for a turn, in which the broker thread draws the conclusions. {@link #close} counts from the moment of
 * the call: no request is begun after it.
 *
 * <p>From the moment it is no longer open it is sent nothing and loses nothing. One that is closing, which takes as long as the
 * client takes to answer, has no more requests done; one that has left has those that it sent before, as many clients send one value and
 * close at once. Both states have a time limit, so that no session keeps its place for ever, whatever a verifier, a codec or the
 * transport does.
 */
public final class Session extends LoopTask implements ConnectionListener {
    /** The transport closes within seconds. Were it to tell nothing, this ends the session all the same. */
    private static final long LONGEST_CLOSING_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** Twice what a verifier or a codec may take for one request: what still waits then is not done. */
    private static final long LONGEST_LEFT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int REQUESTS_A_TURN = 16;
    /** A microsecond each: a session may have 256. */
    private static final int ENDS_A_TURN = 16;
    /** Of all that have not ended; nothing is put in. */
    private static final ArrayDeque<RemoteSubscriber> NONE_ENDS = new ArrayDeque<>(0);

    private final Connection connection;
    private final TokenJudge tokenJudge;
    private final Consumer<Session> onEnd;
    private final Instant connectedAt;
    private final RequestContext parts;
    private final SessionLog log;
    private final SessionSubscriptions subscriptions;
    private final Outbound outbound;
    private final ErrorReplies errors;
    private final Calls calls;
    private final RequestHandler handler;
    private final Inbound inbound;
    private final @Nullable Announcer announcer;

    // What others leave for the broker thread.
    private volatile boolean writable;
    private volatile @Nullable End endedByBroker;
    private volatile @Nullable End disconnected;
    // The broker thread's.
    private SessionState state = SessionState.NEW;
    private long deadlineNanos; // of a state on the way out
    private Timers.@Nullable Timer deadline;
    /** Subscriptions that are still in the table after the session's end. */
    private ArrayDeque<RemoteSubscriber> ending = NONE_ENDS;

    /** Whether what its client commands is still to end. */
    private boolean endsCommands;

    private int undone;
    private @Nullable Request lastAsked;

    private record End(int code, String reason, boolean byClient) {}

    /** What a request has the broker thread do. */
    private interface Step {
        void take() throws RequestRejectedException;
    }

    /**
     * A session; its first turn begins it.
     *
     * @param onEnd told once, by the broker thread
     */
    Session(
            String id,
            ClientPrincipal principal,
            Connection connection,
            Dialect dialect,
            SessionContext context,
            TokenJudge tokenJudge,
            Consumer<Session> onEnd) {
        this.connection = connection;
        this.tokenJudge = tokenJudge;
        this.onEnd = onEnd;
        this.connectedAt = context.routing.clock().now();
        this.log = new SessionLog(id, principal.name(), context.routing.log());
        Runnable wake = this::wake;
        PartsListener told = new PartsListener();
        SessionAuthorization authorization = new SessionAuthorization(id, principal, context, told);
        this.subscriptions = new SessionSubscriptions(context.routing.loop(), log);
        this.outbound = new Outbound(connection, dialect, context, told);
        this.parts = new RequestContext(context, dialect, log, authorization, outbound);
        this.errors = new ErrorReplies(parts, why -> close(CloseCode.POLICY_VIOLATION, why));
        this.calls = new Calls(parts, errors, wake);
        this.handler = new RequestHandler(parts, subscriptions, calls, this::judge, wake);
        this.inbound = new Inbound(connection, parts, told, wake);
        this.announcer = dialect.unasked()
                .map(language -> new Announcer(language, context, outbound, wake, this::tooFarBehind))
                .orElse(null);
    }

    // On transport threads: leave something for the broker thread.

    @Override
    public void onText(byte[] utf8, long heldNanos) {
        if (!isClosing()) {
            inbound.receive(utf8, false, parts.clock().nanoTime() - heldNanos);
        }
    }

    @Override
    public void onBinary(byte[] bytes, long heldNanos) {
        if (!isClosing()) {
            inbound.receive(bytes, true, parts.clock().nanoTime() - heldNanos);
        }
    }

    @Override
    public void onControl(int payloadBytes) {
        if (!isClosing()) {
            inbound.receiveControl(payloadBytes);
        }
    }

    @Override
    public void onRead(long stamp) {
        outbound.onRead(stamp);
    }

    @Override
    public void onWritable() {
        writable = true;
        wake();
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        disconnected = new End(code, reason, byPeer);
        wake();
    }

    // On any thread.

    void wake() {
        parts.loop().wake(this);
    }

    /** Ends the session from the broker's side; what still waits for the client is lost. */
    public void close(int code, String reason) {
        endedByBroker = new End(code, reason, false);
        outbound.close();
        connection.close(code, reason);
        wake();
    }

    void closeIfDenied() {
        if (parts.shared().denied.covers(principal())) {
            close(CloseCode.FORBIDDEN, DenyList.REASON);
        }
    }

    /** Whether the broker has ended it. */
    boolean isClosing() {
        return endedByBroker != null;
    }

    /** Whether nothing waits for the client any more. */
    public boolean isDrained() {
        return isClosing() || (outbound.queue().messages() == 0 && connection.unsentBytes() == 0);
    }

    /** Whether a request of its client waits for other threads: a codec, the verifier or the store; the broker thread, or a test in its place. */
    public boolean waitsForOthers() {
        return isServed() && (inbound.isAsking() || (handler.isBusy() && outbound.repliesAreRead()));
    }

    /** Who its client is, by the newest token that was taken. */
    ClientPrincipal principal() {
        return parts.authorization().principal();
    }

    /** Its id, for logs. */
    public String id() {
        return log.id();
    }

    /** How old messages were when they were handed to its connection. */
    public AgeHistogram sentAges() {
        return outbound.sentAges();
    }

    /** How old they were when it was known that its client had read them. */
    public AgeHistogram readAges() {
        return outbound.readAges();
    }

    /** What it is like now. */
    public SessionView view() {
        long now = parts.clock().nanoTime();
        return new SessionView(
                id(),
                principal(),
                connection.remoteAddress(),
                connectedAt,
                subscriptions.filters(),
                outbound.queue().messages(),
                outbound.queue().bytes(),
                outbound.delivered(),
                subscriptions.lost(),
                AgeHistogram.summary(List.of(outbound.sentAges()), now),
                AgeHistogram.summary(List.of(outbound.readAges()), now));
    }

    /** What clients with a right to it are told of it. */
    public ClientsDocument.Client summary() {
        return new ClientsDocument.Client(
                id(),
                principal().name(),
                Addresses.hostAndPort(connection.remoteAddress()),
                connectedAt,
                subscriptions.size(),
                subscriptions.someFilters(ClientsDocument.MOST_TOPICS),
                outbound.queue().messages(),
                outbound.queue().bytes(),
                outbound.delivered(),
                subscriptions.lost());
    }

    // On the broker thread: from one state to the next.

    @Override
    protected boolean take() {
        goOn();
        if (state == SessionState.OPEN) {
            serve();
        } else if (state == SessionState.LEFT) {
            takeRequests();
        }
        goOn();
        if (endsCommands) {
            handler.endCommands(
                    hasSaidGoodbye()
                            ? EpisodeEnd.LEFT
                            : EpisodeEnd.SESSION_ENDED); // what it throws has the turn come again
            endsCommands = false;
        }
        if (!isServed()) {
            // At each turn: the thread that reads may have left one more.
            undone += inbound.discard();
        }
        for (int i = 0; i < ENDS_A_TURN && !ending.isEmpty(); i++) {
            parts.router().unsubscribe(ending.element());
            ending.remove();
        }
        return hasMore() || !ending.isEmpty();
    }

    /** A state counts when its step is done: one that threw, for want of memory, is taken again in the next turn. */
    private void goOn() {
        for (SessionState next = next(); next != state; next = next()) {
            switch (next) {
                case OPEN -> begin();
                case CLOSING -> stop(LONGEST_CLOSING_NANOS);
                case LEFT -> stop(LONGEST_LEFT_NANOS);
                case ENDED -> end();
                case NEW -> throw new IllegalStateException("a session begins once");
            }
            state = next;
        }
    }

    private SessionState next() {
        boolean timeOver = state.isOnItsWayOut() && parts.clock().nanoTime() - deadlineNanos >= 0;
        boolean requestsDone = inbound.isEmpty() && !inbound.isAsking() && !handler.isBusy();
        return state.next(endedByBroker != null, disconnected != null, requestsDone, timeOver);
    }

    private void begin() {
        String address = Addresses.hostAndPort(connection.remoteAddress());
        log.tell(log.entry(LogEntry.Level.INFO, "client_connected", id() + " got in")
                .attribute("address", address));
        parts.shared().events.opened(this);
        parts.authorization().begin();
        if (announcer != null) {
            announcer.begin(principal().permissions());
            parts.authorization().announceEnd();
        }
    }

    private void serve() {
        if (writable) {
            writable = false;
            outbound.socketHasRoom();
        }
        takeRequests();
        calls.deliver();
        if (announcer != null && outbound.repliesAreRead()) {
            announcer.goOn();
        }
        outbound.flushAfterwards();
    }

    /** Takes it out of all that has something for it. */
    private void stop(long longestNanos) {
        deadlineNanos = parts.clock().nanoTime() + longestNanos;
        if (deadline == null) {
            deadline = parts.loop().schedule(longestNanos, this::wake);
        }
        if (ending.isEmpty()) { // else an earlier stop has taken them
            ending = subscriptions.takeAll();
        }
        if (announcer != null) {
            announcer.end();
        }
        handler.cancel();
        calls.endAll();
        endsCommands = true;
        outbound.close();
        outbound.queue().end(); // first: there are no heirs to look for then
    }

    private void end() {
        if (deadline != null) {
            parts.loop().cancel(deadline);
        }
        parts.authorization().cancel();
        undone += inbound.discard();
        tellEnd();
        onEnd.accept(this);
    }

    private void tellEnd() {
        End how = disconnected == null ? endedByBroker : disconnected;
        if (how == null) {
            throw new IllegalStateException("a session that nobody has ended");
        }
        String what = id() + (how.byClient() ? " left" : " was sent away");
        LogEntry.Builder entry = log.entry(LogEntry.Level.INFO, "client_disconnected", what)
                .attribute("address", Addresses.hostAndPort(connection.remoteAddress()))
                .attribute("code", how.code());
        int notDone = undone + (inbound.isAsking() ? 1 : 0);
        if (notDone > 0) {
            entry.attribute("undone", notDone);
        }
        // A client's own words stay out of the log.
        log.tell(how.byClient() || how.reason().isEmpty() ? entry : entry.attribute("reason", how.reason()));
        parts.shared().events.closed(this, how.code(), how.byClient() ? "" : how.reason());
    }

    /** Whether it is served and sent something. */
    private boolean isOpen() {
        return state == SessionState.OPEN && !isClosing();
    }

    /** Whether its client is gone, and what it sent before is still to be done. */
    private boolean hasLeft() {
        return state == SessionState.LEFT && !isClosing();
    }

    /** Whether its client has ended it with a close frame, rather than lost its connection. */
    private boolean hasSaidGoodbye() {
        End how = disconnected;
        return endedByBroker == null && how != null && how.byClient() && CloseCode.isGoodbye(how.code());
    }

    /** Whether its requests are done. */
    private boolean isServed() {
        return isOpen() || hasLeft();
    }

    // On the broker thread: its requests.

    private void takeRequests() {
        outbound.queue().work().renew();
        if (isOpen() && handler.hasWork()) {
            guarded(Objects.requireNonNull(lastAsked), handler::goOn);
        }
        takeVerdict();
        try {
            for (int i = 0; i < REQUESTS_A_TURN && mayTake() && inbound.takeOne(); i++) {}
        } finally {
            handler.endTurn();
        }
        int refused = inbound.takeRefused();
        if (refused > 0) {
            errors.send(RequestError.unasked(
                    ErrorCode.OVERLOADED,
                    refused + " requests came faster than they could be taken and were not done"));
        }
        inbound.readOn(isOpen());
    }

    private void takeVerdict() {
        Inbound.Verdict verdict = inbound.takeVerdict();
        boolean isTaken = verdict != null && verdict.renewsToken() && isServed();
        if (verdict != null && isTaken) {
            // First: the end of the older token may have come by now, and does not count any more.
            verdict.then().run();
        }
        parts.authorization().endIfDue();
        if (verdict != null && !isTaken) {
            if (isServed()) {
                verdict.then().run();
            } else {
                undone++;
            }
        }
    }

    /** A client that does not read its replies gets none of its requests done; one that has left needs no replies. */
    private boolean mayTake() {
        return isServed() && !inbound.isAsking() && !handler.isBusy() && (hasLeft() || outbound.repliesAreRead());
    }

    /** Whether there is something to do now: requests, calls or topics to tell of. */
    private boolean hasMore() {
        boolean hasNews = (calls.hasNews() || (announcer != null && announcer.hasNews()))
                && isOpen()
                && outbound.repliesAreRead();
        return handler.hasWork() || hasNews || (!inbound.isEmpty() && mayTake());
    }

    /** What the session's parts tell it: one object, as there is one for each session. */
    private final class PartsListener implements Inbound.Sink, Outbound.Owner, SessionAuthorization.Listener {
        @Override
        public void carryOut(Request request, long arrivedNanos) {
            // What was published before the client left is still done, and what it may publish is what its last token
            // says.
            if (hasLeft() && !(request instanceof Publish || request instanceof Auth)) {
                return;
            }
            lastAsked = kept(request);
            guarded(request, () -> handler.handle(request, arrivedNanos));
        }

        @Override
        public void refuse(RequestError error) {
            errors.send(error);
        }

        @Override
        public void messagesLost(long count) {
            if (subscriptions.lossesWait(count)) {
                parts.shared().events.slow(Session.this);
            }
            if (announcer != null) {
                announcer.lost(count);
            }
        }

        @Override
        public boolean hasMore() {
            return Session.this.hasMore();
        }

        @Override
        public void wake() {
            Session.this.wake();
        }

        @Override
        public void tooSlow() {
            if (!isClosing()) {
                log.tell(log.entry(
                        LogEntry.Level.WARN, "client_too_slow", id() + " fell behind on what it wanted without a gap"));
                close(
                        CloseCode.TOO_MANY,
                        "too_slow: a subscription that is to lose nothing has no room: come back and resume");
            }
        }

        @Override
        public void tokenEndsSoon(Duration left) {
            outbound.reply(parts.dialect().authExpiring(left));
        }

        @Override
        public void tokenHasEnded() {
            if (!isClosing()) {
                log.tell(log.entry(LogEntry.Level.INFO, "token_expired", id() + " ends with its token"));
                close(CloseCode.UNAUTHORIZED, "token_expired: get a new token and come back");
            }
        }
    }

    /** A publish is done at once, and may be too large to be kept after that; a token is not kept. */
    private static @Nullable Request kept(Request request) {
        if (request instanceof Auth auth) {
            return auth.withoutToken();
        }
        return request instanceof Publish ? null : request;
    }

    /** A fault of the broker in one request ends that request and no other. */
    private void guarded(Request request, Step step) {
        try {
            step.take();
        } catch (RequestRejectedException e) {
            errors.send(e.error());
        } catch (Throwable t) {
            String what = request.action().word() + " failed";
            log.tell(log.entry(LogEntry.Level.ERROR, "internal_fault", what).detail(FailureText.of(t)));
            errors.send(
                    RequestError.answering(request, ErrorCode.INTERNAL, "a fault of the broker, which has logged it"));
        }
    }

    // On the broker thread: its token.

    private void judge(Auth request) {
        Inbound.PendingCheck pending = inbound.ask();
        tokenJudge.begin(request, principal(), new TokenJudge.Listener() {
            @Override
            public void renewed(ClientPrincipal principal) {
                pending.answer(true, () -> renew(request, principal));
            }

            @Override
            public void notRenewed(RequestError error, Optional<String> detail) {
                pending.answer(false, () -> refuseToken(error, detail));
            }
        });
    }

    private void renew(Auth request, ClientPrincipal principal) {
        parts.authorization().renew(principal);
        closeIfDenied();
        handler.renewed(request.id());
    }

    private void refuseToken(RequestError error, Optional<String> detail) {
        String why = error.code().word() + ": " + error.message();
        LogEntry.Builder entry =
                log.entry(LogEntry.Level.WARN, "token_refused", id() + " sent a token that is not taken: " + why);
        detail.ifPresent(entry::detail);
        log.tell(entry);
        errors.send(error);
    }

    private void tooFarBehind() {
        if (!isClosing()) {
            close(CloseCode.TOO_MANY, "too_slow: the client does not read which topics are gone: come back");
        }
    }

    /** The wall clock, by which tokens end, was set. */
    void lookAtEndAgain() {
        parts.authorization().lookAtEndAgain();
    }
}
