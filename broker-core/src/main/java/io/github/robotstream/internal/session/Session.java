package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.RemoteSubscriber;
import io.github.robotstream.internal.routing.Turn;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated client on a connection.
 *
 * <pre>
 * OPEN ── close(code, reason) ──> CLOSING ── the connection is closed ──> ENDED
 *   └──────────────── the client leaves, the socket fails ──────────────────┘
 * </pre>
 *
 * <p>Callbacks of the connection leave a request or a flag and ask for a turn; all else is done by the broker thread.
 */
public final class Session extends Turn implements ConnectionListener {
    private static final int REQUESTS_A_TURN = 16;
    private static final int MOST_REPLIES_WAITING = 64;
    private static final Duration LONGEST_TIMER = Duration.ofDays(365);

    private final String id;
    private final ClientPrincipal principal;
    private final Connection connection;
    private final SessionContext context;
    private final Runnable onEnd;
    private final Instant connectedAt;
    private final RequestLane requests;
    private final RequestDecoder decoder = new RequestDecoder();
    private final TypeCheck typeCheck;
    private final CodecCheck codecCheck;
    private final RequestHandler handler;
    private final ErrorReplies errors;
    private final LossReport losses;
    private final Outbound outbound;
    /** By filter text; the broker thread changes it, a snapshot reads it. */
    private final Map<String, RemoteSubscriber> subscriptions = new ConcurrentHashMap<>();

    private volatile boolean writable;
    private volatile boolean paused;
    private volatile boolean closing;
    private volatile @Nullable End end;
    // The broker thread's.
    private boolean begun;
    private boolean ended;
    private BrokerLoop.@Nullable Timer expiry;

    private record End(int code, boolean byClient) {}

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
            Runnable onEnd) {
        this.id = id;
        this.principal = principal;
        this.connection = connection;
        this.context = context;
        this.onEnd = onEnd;
        this.connectedAt = context.clock().now();
        this.losses = new LossReport(this, context);
        this.outbound = new Outbound(this, connection, style, context, losses::lossesWait);
        this.requests = new RequestLane(context.limits().messageBytes());
        this.typeCheck = new TypeCheck(context.router().topics());
        this.codecCheck =
                new CodecCheck(context.codecThreads(), () -> context.loop().attend(this));
        this.errors = new ErrorReplies(this, style, context);
        this.handler = new RequestHandler(this, style, context);
    }

    // On transport threads: leave something for the broker thread.

    @Override
    public void onText(byte[] utf8) {
        if (closing) {
            return;
        }
        requests.offer(read(utf8), utf8.length);
        if (requests.wantsPause()) {
            paused = true;
            connection.pauseReading();
        }
        context.loop().attend(this);
    }

    private Inbound read(byte[] utf8) {
        try {
            return typeCheck.check(decoder.decode(utf8, 0, utf8.length));
        } catch (RequestRejectedException e) {
            return new Inbound.Rejected(e.error());
        }
    }

    @Override
    public void onWritable() {
        writable = true;
        context.loop().attend(this);
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        end = new End(code, byPeer);
        context.loop().attend(this);
    }

    // On any thread.

    /** Ends the session from the broker's side; what still waits for the client is lost. */
    public void close(int code, String reason) {
        closing = true;
        connection.close(code, reason);
    }

    /** Whether nothing waits for the client any more. */
    public boolean isDrained() {
        return closing || (outbound.queue().messages() == 0 && connection.unsentBytes() == 0);
    }

    /** Its id, for logs. */
    public String id() {
        return id;
    }

    /** What it is like now. */
    public SessionView view() {
        return new SessionView(
                id,
                principal.name(),
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
        End over = end;
        if (over != null) {
            return leave(over);
        }
        if (writable) {
            writable = false;
            outbound.socketHasRoom();
        }
        takeRequests();
        outbound.flushAfterwards();
        return hasRequests();
    }

    private void begin() {
        if (!begun) {
            begun = true;
            log(LogEntry.Level.INFO, "client_connected", "from " + connection.remoteAddress());
            principal.expiresAt().ifPresent(this::scheduleExpiry);
        }
    }

    private void scheduleExpiry(Instant at) {
        Duration left = Duration.between(context.clock().now(), at);
        if (left.compareTo(LONGEST_TIMER) < 0) {
            expiry = context.loop().schedule(Math.max(0, left.toNanos()), this::expire);
        }
    }

    private void expire() {
        log(LogEntry.Level.INFO, "token_expired", "the session ends with its token");
        close(CloseCode.UNAUTHORIZED, "token_expired: get a new token and come back");
    }

    /** What a client asked before it left is done all the same: many publish one value and close at once. */
    private boolean leave(End over) {
        takeRequests();
        if (hasRequests()) {
            return true;
        }
        if (closing || !codecCheck.isUnderWay()) {
            finish(over);
        }
        return false;
    }

    /** A client that does not read its replies gets none of its requests done; one that has left needs no replies. */
    private boolean canTakeRequests() {
        return !closing
                && !codecCheck.isUnderWay()
                && (end != null || outbound.queue().replies() < MOST_REPLIES_WAITING);
    }

    private void takeRequests() {
        Inbound checked = codecCheck.takeVerdict();
        if (checked != null && !closing) {
            handle(checked);
        }
        for (int i = 0; i < REQUESTS_A_TURN && canTakeRequests(); i++) {
            Inbound next = requests.poll();
            if (next == null) {
                break;
            }
            handle(next);
        }
        int refused = requests.takeRefused();
        if (refused > 0) {
            errors.sendOverloaded(refused);
        }
        if (paused && !requests.wantsPause()) {
            paused = false;
            connection.resumeReading();
        }
    }

    private void handle(Inbound inbound) {
        if (inbound instanceof Inbound.Asked asked) {
            handler.handle(asked.request());
        } else if (inbound instanceof Inbound.Unchecked unchecked) {
            codecCheck.begin(unchecked);
        } else if (inbound instanceof Inbound.Rejected rejected) {
            errors.send(rejected.error());
        }
    }

    private void finish(End over) {
        if (ended) {
            return;
        }
        ended = true;
        closing = true;
        if (expiry != null) {
            context.loop().cancel(expiry);
        }
        losses.finish();
        subscriptions.values().forEach(context.router()::unsubscribe);
        subscriptions.clear();
        outbound.end();
        String by = over.byClient() ? "by the client" : "by the broker";
        log(LogEntry.Level.INFO, "client_disconnected", by + ", close code " + over.code());
        onEnd.run();
    }

    /** Whether requests wait that can be taken now. */
    boolean hasRequests() {
        return canTakeRequests() && !requests.isEmpty();
    }

    void reply(byte[] text) {
        outbound.queue().reply(text);
        outbound.flushAfterwards();
    }

    void error(RequestError error) {
        errors.send(error);
    }

    /** Tells what a subscription lost, before it ends. */
    void tellLosses(RemoteSubscriber subscriber) {
        losses.tell(subscriber);
    }

    ClientPrincipal principal() {
        return principal;
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

    void log(LogEntry.Level level, String event, String message) {
        context.log()
                .accept(LogEntry.builder(LogEntry.Origin.BROKER, level, event, message)
                        .client(id, principal.name()));
    }
}
