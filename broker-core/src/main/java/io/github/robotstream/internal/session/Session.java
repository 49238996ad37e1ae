package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.access.Addresses;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.Turn;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.spi.LogEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated client on a connection.
 *
 * <pre>
 * OPEN ── close(code, reason) ──> CLOSING ── the connection is closed ────> ENDED
 *   └── the client leaves, the socket fails ──> LEFT ── its requests are done ──┘
 * </pre>
 *
 * <p>Callbacks of the connection leave a request or a flag and ask for a turn; all else is done by the broker thread. From
 * the moment it is no longer open it is sent nothing and loses nothing. One that is closing, which takes as long as the
 * client takes to answer, has no more requests done; one that has left has those that it sent before.
 */
public final class Session extends Turn implements ConnectionListener {
    private final String id;
    private final Connection connection;
    private final SessionContext context;
    private final TokenJudge tokenJudge;
    private final Consumer<Session> onEnd;
    private final Instant connectedAt;
    private final Inbound inbound;
    private final Outbound outbound;
    private final LossReport losses;
    private final Tenure tenure;
    /** By filter text; the broker thread changes it, a snapshot reads it. */
    private final Map<String, RemoteSubscriber> subscriptions = new ConcurrentHashMap<>();

    private volatile boolean writable;
    private volatile boolean closing;
    private volatile @Nullable Closed closed;
    // The broker thread's.
    private boolean begun;
    private boolean stopped;
    private boolean ended;

    private record Closed(int code, String reason, boolean byClient) {}

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
        this.tenure = new Tenure(this, principal, context);
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
        if (!closing) {
            inbound.receive(utf8, context.clock().nanoTime() - heldNanos);
            context.loop().attend(this);
        }
    }

    @Override
    public void onControl(int payloadBytes) {
        if (!closing && inbound.receiveControl(payloadBytes)) {
            context.loop().attend(this);
        }
    }

    @Override
    public void onWritable() {
        writable = true;
        context.loop().attend(this);
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        closed = new Closed(code, reason, byPeer);
        context.loop().attend(this);
    }

    // On any thread.

    /** Ends the session because robot code says so. */
    public void disconnect(String reason) {
        close(CloseCode.FORBIDDEN, "disconnected: " + reason);
    }

    /** Ends the session from the broker's side; what still waits for the client is lost. */
    public void close(int code, String reason) {
        closing = true;
        connection.close(code, reason);
        context.loop().attend(this);
    }

    /** Whether nothing waits for the client any more. */
    public boolean isDrained() {
        return closing || (outbound.queue().messages() == 0 && connection.unsentBytes() == 0);
    }

    /** Who its client is, by the newest token that was taken. */
    ClientPrincipal principal() {
        return tenure.principal();
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
        begin();
        Closed how = closed;
        if (how == null && !closing) {
            serve();
        } else {
            stop();
        }
        if (how != null) {
            finish(how);
        }
        if (closing) {
            inbound.end();
        }
        return inbound.hasMore();
    }

    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        String address = Addresses.hostAndPort(connection.remoteAddress());
        log(entry(LogEntry.Level.INFO, "client_connected", id + " got in").attribute("address", address));
        tenure.begin();
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
    private void stop() {
        if (!stopped) {
            stopped = true;
            losses.tell();
            outbound.end(); // first: there are no heirs to look for then
            subscriptions.values().forEach(context.router()::unsubscribe);
            subscriptions.clear();
        }
    }

    /** Does what the client asked before it left, and ends. */
    private void finish(Closed how) {
        inbound.takeSome();
        if (!ended && (closing || inbound.isDone())) {
            ended = true;
            closing = true;
            tenure.end();
            tellEnd(how);
            onEnd.accept(this);
        }
    }

    private void tellEnd(Closed how) {
        LogEntry.Builder entry = entry(
                        LogEntry.Level.INFO, "client_disconnected", id + (how.byClient() ? " left" : " was sent away"))
                .attribute("code", how.code());
        // A client's own words stay out of the log.
        log(how.byClient() || how.reason().isEmpty() ? entry : entry.attribute("reason", how.reason()));
    }

    // For its parts, on the broker thread.

    void reply(byte[] text) {
        outbound.queue().reply(text);
        outbound.flushAfterwards();
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

    Tenure tenure() {
        return tenure;
    }

    DeliveryQueue queue() {
        return outbound.queue();
    }

    Map<String, RemoteSubscriber> subscriptions() {
        return subscriptions;
    }

    boolean isClosing() {
        return closing;
    }

    boolean hasLeft() {
        return closed != null;
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
