package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.transport.Arrival;
import io.github.robotstream.internal.transport.ArrivalListener;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides on each client that asks to get in. A verifier that may block runs on a small pool under a time limit; who does
 * not fit or takes too long is told to come back later, and open sessions never notice.
 */
public final class Authenticator implements ArrivalListener {
    private static final int THREADS = 8;
    private static final int WAITING = 64;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final SessionContext context;
    private final SessionRegistry registry;
    private final TokenVerifier verifier;
    private final FrameStyle defaultStyle;
    private final boolean pooled;
    private final ThreadPoolExecutor pool;
    private volatile boolean closed;

    /** An authenticator that asks a verifier. */
    public Authenticator(
            SessionContext context, SessionRegistry registry, TokenVerifier verifier, FrameStyle defaultStyle) {
        this.context = context;
        this.registry = registry;
        this.verifier = verifier;
        this.defaultStyle = defaultStyle;
        this.pooled = mayBlock(verifier);
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), Authenticator::daemon);
        this.pool.allowCoreThreadTimeOut(true);
    }

    /** The verifier of a broker that lets everybody in. */
    public static TokenVerifier anonymous(Permissions permissions) {
        return new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) {
                return ClientPrincipal.of("anonymous", permissions);
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        };
    }

    private static boolean mayBlock(TokenVerifier verifier) {
        try {
            return verifier.mayBlock();
        } catch (Throwable e) {
            return true;
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "robotstream-verify-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void onArrival(Arrival arrival) {
        HandshakeRequest request = arrival.request();
        HandshakeQuery query;
        try {
            query = HandshakeQuery.of(request);
        } catch (IllegalArgumentException e) {
            refuse(arrival, new Refusal(400, CloseCode.POLICY_VIOLATION, "bad_request: " + e.getMessage()));
            return;
        }
        AccessRequest access =
                new AccessRequest(query.token(), request.remoteAddress(), request.path(), request.header("origin"));
        FrameStyle style = query.style().orElse(defaultStyle);
        if (!pooled) {
            verify(arrival, access, style);
            return;
        }
        AccessTimeLimit limit = new AccessTimeLimit(context.loop(), LIMIT_NANOS, () -> refuse(arrival, busy()));
        try {
            limit.begin(pool.submit(() -> {
                verify(arrival, access, style);
                limit.isOver();
            }));
        } catch (RejectedExecutionException e) {
            refuse(arrival, busy());
        }
    }

    private static Refusal busy() {
        return Refusal.overloaded(2000);
    }

    private void verify(Arrival arrival, AccessRequest access, FrameStyle style) {
        ClientPrincipal principal;
        try {
            principal = Objects.requireNonNull(verifier.verify(access), "principal");
        } catch (TokenRejectedException e) {
            String word = e.reason().name().toLowerCase(Locale.ROOT);
            refuse(arrival, new Refusal(401, CloseCode.UNAUTHORIZED, word + ": " + e.getMessage()));
            return;
        } catch (IOException e) {
            tellFault("the verifier cannot judge tokens now: " + FailureText.of(e));
            refuse(arrival, busy());
            return;
        } catch (Throwable t) {
            tellFault("the verifier threw " + t.getClass().getName());
            refuse(arrival, busy());
            return;
        }
        admit(arrival, principal, style);
    }

    private void admit(Arrival arrival, ClientPrincipal principal, FrameStyle style) {
        if (closed) {
            arrival.refuse(new Refusal(503, CloseCode.GOING_AWAY, "the robot is going down", 2000));
            return;
        }
        if (!registry.reserve()) {
            refuse(arrival, Refusal.overloaded(4000));
            return;
        }
        boolean admitted = arrival.admit(connection -> {
            String id = registry.nextId();
            Session session = new Session(id, principal, connection, style, context, () -> registry.remove(id));
            registry.add(session);
            context.loop().attend(session);
            return session;
        });
        if (!admitted) {
            registry.release();
        }
    }

    private void refuse(Arrival arrival, Refusal refusal) {
        context.log()
                .accept(LogEntry.builder(
                                LogEntry.Origin.BROKER, LogEntry.Level.WARN, "client_refused", refusal.reason())
                        .attribute(
                                "address",
                                arrival.request().remoteAddress().getAddress().getHostAddress()));
        arrival.refuse(refusal);
    }

    private void tellFault(String message) {
        context.log()
                .accept(LogEntry.builder(LogEntry.Origin.BROKER, LogEntry.Level.ERROR, "verifier_failed", message));
    }

    /** Lets nobody in any more. */
    public void close() {
        closed = true;
        pool.shutdownNow();
    }
}
