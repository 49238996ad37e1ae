package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.access.Addresses;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.LoopTask;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.spi.LogEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated client on a connection.
 *
 * <pre>
 * OPEN ── close(code, reason) ──> CLOSING ── the connection is closed, or 15 s are over ───────────┐
 *   │                                                                                             v
 *   └── the connection is closed ──> LEFT ── requests done, close(code, reason), 10 s are over ──> ENDED
 * </pre>
 *
 * <p>The broker thread owns the state, see {@link SessionState}. Others leave a request or a fact ({@link #close}, {@link #onClosed},
 * {@link #onWritable}) and ask for a turn, in which the broker thread draws the conclusions. {@link #close} counts from the moment of
 * the call: no request is begun after it.
 *
 * <p>From the moment it is no longer open it is sent nothing and loses nothing. One that is closing, which takes as long as the
 * client takes to answer, has no more requests done; one that has left has those that it sent before. Both states have a time
 * limit, so that no session keeps its place for ever, whatever a verifier, a codec or the transport does.
 */
public final class Session extends LoopTask implements ConnectionListener {
    /** The transport closes within seconds. Were it to tell nothing, this ends the session all the same. */
    private static final long LONGEST_CLOSING_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** Twice what a verifier or a codec may take for one request: what still waits then is not done. */
    private static final long LONGEST_LEFT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String id;
    private final Connection connection;
    private final SessionContext context;
    private final TokenJudge tokenJudge;
    private final Consumer<Session> onEnd;
    private final Instant connectedAt;
    private final Inbound inbound;
    private final Outbound outbound;
    private final LossReport losses;
    private final SessionAuthorization authorization;
    /** By filter text; the broker thread changes it, a snapshot reads it. */
    private final Map<String, RemoteSubscriber> subscriptions = new ConcurrentHashMap<>();

    // What others leave for the broker thread.
    private volatile boolean writable;
    private volatile @Nullable End endedByBroker;
    private volatile @Nullable End disconnected;
    // The broker thread's.
    private SessionState state = SessionState.NEW;
    private long deadlineNanos; // of a state on the way out
    private Timers.@Nullable Timer deadline;

    private record End(int code, String reason, boolean byClient) {}

    /**
     * A session; its first turn begins it.
     *
     * @param onEnd told once, by the broker thread
     */
    Session(
            String id,
            ClientPrincipal principal,
            Connection connection,
            FrameStyle style,
            SessionContext context,
            TokenJudge tokenJudge,
            Consumer<Session> onEnd) {
        this.id = id;
        this.authorization = new SessionAuthorization(this, principal, context);
        this.connection = connection;
        this.context = context;
        this.tokenJudge = tokenJudge;
        this.onEnd = onEnd;
        this.connectedAt = context.clock().now();
        this.losses = new LossReport(this, context);
        this.outbound = new Outbound(this, connection, style, context, losses::lossWaits);
        this.inbound = new Inbound(this, connection, style, context);
    }

    // On transport threads: leave something for the broker thread.

    @Override
    public void onText(byte[] utf8, long heldNanos) {
        if (!isClosing()) {
            inbound.receive(utf8, context.clock().nanoTime() - heldNanos);
            context.loop().wake(this);
        }
    }

    @Override
    public void onControl(int payloadBytes) {
        if (!isClosing() && inbound.receiveControl(payloadBytes)) {
            context.loop().wake(this);
        }
    }

    @Override
    public void onWritable() {
        writable = true;
        context.loop().wake(this);
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        disconnected = new End(code, reason, byPeer);
        context.loop().wake(this);
    }

    // On any thread.

    /** Ends the session because robot code says so. */
    public void disconnect(String reason) {
        close(CloseCode.FORBIDDEN, "disconnected: " + reason);
    }

    /** Ends the session from the broker's side; what still waits for the client is lost. */
    public void close(int code, String reason) {
        endedByBroker = new End(code, reason, false);
        connection.close(code, reason);
        context.loop().wake(this);
    }

    /** Whether nothing waits for the client any more. */
    public boolean isDrained() {
        return isClosing() || (outbound.queue().messages() == 0 && connection.unsentBytes() == 0);
    }

    /** Who its client is, by the newest token that was taken. */
    ClientPrincipal principal() {
        return authorization.principal();
    }

    /** Its id, for logs. */
    public String id() {
        return id;
    }

    /** What it is like now. */
    public SessionView view() {
        return new SessionView(
                id,
                principal().name(),
                connection.remoteAddress(),
                connectedAt,
                Set.copyOf(subscriptions.keySet()),
                outbound.queue().messages(),
                outbound.queue().bytes(),
                outbound.delivered(),
                losses.total());
    }

    // On the broker thread.

    @Override
    protected boolean take() {
        goOn();
        if (state == SessionState.OPEN) {
            serve();
        } else if (state == SessionState.LEFT) {
            inbound.takeSome();
        }
        goOn();
        if (!isServed()) {
            // At each turn: the thread that reads may have left one more.
            inbound.discard();
        }
        return inbound.hasMore();
    }

    private void goOn() {
        SessionState next = next();
        while (next != state) {
            state = next;
            switch (next) {
                case OPEN -> begin();
                case CLOSING -> stop(LONGEST_CLOSING_NANOS);
                case LEFT -> stop(LONGEST_LEFT_NANOS);
                case ENDED -> end();
                case NEW -> throw new IllegalStateException("a session begins once");
            }
            next = next();
        }
    }

    private SessionState next() {
        boolean timeOver = state.isOnItsWayOut() && context.clock().nanoTime() - deadlineNanos >= 0;
        return state.next(endedByBroker != null, disconnected != null, inbound.isDone(), timeOver);
    }

    private void begin() {
        String address = Addresses.hostAndPort(connection.remoteAddress());
        log(entry(LogEntry.Level.INFO, "client_connected", id + " got in").attribute("address", address));
        authorization.begin();
    }

    private void serve() {
        if (writable) {
            writable = false;
            outbound.socketHasRoom();
        }
        inbound.takeSome();
        outbound.flushAfterwards();
    }

    /** Takes it out of all that has something for it. */
    private void stop(long longestNanos) {
        deadlineNanos = context.clock().nanoTime() + longestNanos;
        deadline = context.loop().schedule(longestNanos, () -> context.loop().wake(this));
        losses.tell();
        outbound.end(); // first: there are no heirs to look for then
        subscriptions.values().forEach(context.router()::unsubscribe);
        subscriptions.clear();
    }

    private void end() {
        if (deadline != null) {
            context.loop().cancel(deadline);
        }
        authorization.end();
        inbound.discard();
        tellEnd();
        onEnd.accept(this);
    }

    private void tellEnd() {
        End how = disconnected == null ? endedByBroker : disconnected;
        if (how == null) {
            throw new IllegalStateException("a session that nobody has ended");
        }
        LogEntry.Builder entry = entry(
                        LogEntry.Level.INFO, "client_disconnected", id + (how.byClient() ? " left" : " was sent away"))
                .attribute("code", how.code());
        int undone = inbound.undone();
        if (undone > 0) {
            entry.attribute("undone", undone);
        }
        // A client's own words stay out of the log.
        log(how.byClient() || how.reason().isEmpty() ? entry : entry.attribute("reason", how.reason()));
    }

    // For its parts, on the broker thread.

    /** Nobody reads a reply once it is no longer open. */
    void reply(byte[] text) {
        if (isOpen()) {
            outbound.queue().reply(text);
            outbound.flushAfterwards();
        }
    }

    /** Whether requests wait that can be done now. */
    boolean hasRequests() {
        return inbound.hasMore();
    }

    /** Tells what a subscription lost, before it ends. */
    void tellLosses(RemoteSubscriber subscriber) {
        losses.tell(subscriber);
    }

    /** Tells what waited for a subscription that was taken from the client, after it has ended. */
    void tellTaken(RemoteSubscriber subscriber, int lost) {
        losses.tellTaken(subscriber, lost);
    }

    TokenJudge tokenJudge() {
        return tokenJudge;
    }

    SessionAuthorization authorization() {
        return authorization;
    }

    DeliveryQueue queue() {
        return outbound.queue();
    }

    Map<String, RemoteSubscriber> subscriptions() {
        return subscriptions;
    }

    /** Whether it is served and sent something. */
    boolean isOpen() {
        return state == SessionState.OPEN && endedByBroker == null;
    }

    /** Whether its requests are done. */
    boolean isServed() {
        return isOpen() || hasLeft();
    }

    /** Whether its client is gone, and what it sent before is still to be done. */
    boolean hasLeft() {
        return state == SessionState.LEFT && endedByBroker == null;
    }

    /** Whether the broker has ended it; any thread. */
    boolean isClosing() {
        return endedByBroker != null;
    }

    /** Begins a log entry about it. */
    LogEntry.Builder entry(LogEntry.Level level, String event, String message) {
        return LogEntry.builder(LogEntry.Origin.BROKER, level, event, message)
                .client(id, principal().name());
    }

    void log(LogEntry.Builder entry) {
        context.log().accept(entry);
    }
}
