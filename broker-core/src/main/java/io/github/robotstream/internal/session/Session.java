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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated client on a connection.
 *
 * <pre>
 * OPEN ── close(code, reason) ──> CLOSING ── the connection is closed ──> ENDED
 *   └──────────────── the client leaves, the socket fails ──────────────────┘
 * </pre>
 *
 * <p>Callbacks of the connection leave a request or a flag and ask for a turn; all else is done by the broker thread in
 * {@link #take} and {@link #flush}.
 */
public final class Session extends Turn implements ConnectionListener {
    private static final int REQUESTS_A_TURN = 16;
    private static final int REPLIES_WAITING = 64;
    private static final int BYTES_A_FLUSH = 64 * 1024;
    private static final int BYTES_OF_ERROR = 256;

    private final String id;
    private final ClientPrincipal principal;
    private final Connection connection;
    private final SessionContext context;
    private final Instant connectedAt;
    private final DeliveryQueue queue;
    private final RequestHandler handler;
    private final RequestLane requests;
    private final RequestDecoder decoder = new RequestDecoder();
    private final TypeCheck typeCheck;
    private final ErrorReplies errors;
    private final LossReport losses;
    private final Runnable onEnd;
    /** By filter text; the broker thread changes it, a snapshot reads it. */
    private final Map<String, RemoteSubscriber> subscriptions = new ConcurrentHashMap<>();

    private volatile boolean writable;
    private volatile @Nullable End end;
    private volatile boolean closing;
    // The rest belongs to the broker thread.
    private boolean begun;
    private boolean ended;
    private boolean socketFull;
    private boolean readingPaused;
    private boolean flushPending;
    private volatile long delivered;
    private BrokerLoop.@Nullable Timer expiry;

    private record End(int code, String reason, boolean byClient) {}

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
        this.queue = new DeliveryQueue(
                style,
                context.limits().queuedMessagesPerSession(),
                context.limits().queuedBytesPerSession(),
                context.overflow(),
                context.budget(),
                context.router().tally(),
                this::flushAfterwards,
                losses::lossesWait);
        this.requests = new RequestLane(context.limits().messageBytes());
        this.typeCheck = new TypeCheck(context.router().topics());
        this.errors = new ErrorReplies(this, style, context);
        this.handler = new RequestHandler(this, style, context);
    }

    // --- transport threads ---

    @Override
    public void onText(byte[] utf8) {
        if (closing) {
            return;
        }
        requests.offer(read(utf8), utf8.length);
        if (requests.wantsPause()) {
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
        end = new End(code, reason, byPeer);
        context.loop().attend(this);
    }

    // --- any thread ---

    /** Ends the session from the broker's side. */
    public void close(int code, String reason) {
        closing = true;
        connection.close(code, reason);
        context.loop().attend(this);
    }

    /** Whether nothing waits for the client any more. */
    public boolean isDrained() {
        return closing || (queue.messages() == 0 && connection.unsentBytes() == 0);
    }

    /** Its id, for logs. */
    public String id() {
        return id;
    }

    ClientPrincipal principal() {
        return principal;
    }

    /** What it is like now. */
    public SessionView view() {
        return new SessionView(
                id,
                principal.name(),
                connection.remoteAddress(),
                connectedAt,
                java.util.Set.copyOf(subscriptions.keySet()),
                queue.messages(),
                queue.bytes(),
                delivered,
                losses.total());
    }

    // --- broker thread ---

    @Override
    protected boolean take() {
        if (!begun) {
            begin();
        }
        End over = end;
        if (over != null) {
            finish(over);
            return false;
        }
        if (writable) {
            writable = false;
            socketFull = false;
        }
        takeRequests();
        flushAfterwards();
        return !requests.isEmpty() && queue.replies() < REPLIES_WAITING && !closing;
    }

    private void begin() {
        begun = true;
        log(LogEntry.Level.INFO, "client_connected", "from " + connection.remoteAddress());
        principal.expiresAt().ifPresent(this::scheduleExpiry);
    }

    private void scheduleExpiry(Instant at) {
        Duration left = Duration.between(context.clock().now(), at);
        long nanos = left.compareTo(Duration.ofDays(365)) > 0 ? TimeUnit.DAYS.toNanos(365) : left.toNanos();
        expiry = context.loop().schedule(Math.max(0, nanos), () -> {
            log(LogEntry.Level.INFO, "token_expired", "the session's token has expired");
            close(CloseCode.UNAUTHORIZED, "token_expired: the token's time is over, get a new one");
        });
    }

    private void takeRequests() {
        for (int i = 0; i < REQUESTS_A_TURN && queue.replies() < REPLIES_WAITING && !closing; i++) {
            Inbound next = requests.poll();
            if (next == null) {
                break;
            }
            if (next instanceof Inbound.Asked asked) {
                handler.handle(asked.request());
            } else if (next instanceof Inbound.Rejected rejected) {
                errors.send(rejected.error());
            }
        }
        int refused = requests.takeRefused();
        if (refused > 0) {
            errors.sendOverloaded(refused);
        }
        pauseOrResume();
    }

    private void pauseOrResume() {
        boolean full = requests.wantsPause();
        if (full != readingPaused || !full) {
            readingPaused = full;
            if (!full) {
                connection.resumeReading();
            }
        }
    }

    /** Puts in a reply. */
    void reply(byte[] text) {
        queue.reply(text);
        flushAfterwards();
    }

    void error(RequestError error) {
        errors.send(error);
    }

    /** Sends what waits at the end of this step. */
    void flushAfterwards() {
        if (!flushPending && !ended) {
            flushPending = true;
            context.loop().flushAfterwards(this::flush);
        }
    }

    private void flush() {
        flushPending = false;
        if (ended || closing) {
            return;
        }
        queue.replayMore(context.router().topics());
        int sent = 0;
        while (!socketFull && sent < BYTES_A_FLUSH) {
            byte[] next = queue.peek();
            if (next == null) {
                break;
            }
            if (!connection.send(next)) {
                socketFull = true;
                break;
            }
            sent += next.length;
            if (queue.pop()) {
                delivered++;
            }
        }
        connection.flush();
        if (!socketFull && (queue.peek() != null || !requests.isEmpty())) {
            context.loop().attend(this);
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
        queue.end();
        log(LogEntry.Level.INFO, "client_disconnected", (over.byClient() ? "by the client, code " : "by the broker, code ") + over.code());
        onEnd.run();
    }

    DeliveryQueue queue() {
        return queue;
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
