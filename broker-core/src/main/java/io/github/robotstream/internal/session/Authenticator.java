package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.transport.Arrival;
import io.github.robotstream.internal.transport.ArrivalListener;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the verifier about each client that wants to get in. One that may block runs on a small pool under a time limit; who
 * does not fit or takes too long is told to come back later, and open sessions never notice.
 */
public final class Authenticator implements ArrivalListener {
    private static final int THREADS = 8;
    private static final int WAITING = 64;
    private static final int SHORTEST_SECRET = 6;
    private static final String TOO_MANY_FAILURES = "too many failed attempts from this address";

    private final SessionContext context;
    private final SessionRegistry registry;
    private final TokenVerifier verifier;
    private final Optional<CertificateAccess> certificates;
    private final OriginRules origins;
    private final AddressRate failures;
    private final FrameStyle defaultStyle;
    private final boolean pooled;
    private final DaemonThreads daemons = new DaemonThreads("robotstream-verify");
    private final ThreadPoolExecutor pool;
    private final JudgingQueue judging;
    private volatile boolean closed;

    /**
     * An authenticator that asks a verifier.
     *
     * @param certificates what clients may do that come with a certificate and without a token; empty if that does not let them in
     * @param failures how often tokens of one address may not verify, at the door and in sessions
     */
    public Authenticator(
            SessionContext context,
            SessionRegistry registry,
            TokenVerifier verifier,
            Optional<Permissions> certificates,
            OriginRules origins,
            AddressRate failures,
            FrameStyle defaultStyle) {
        this.context = context;
        this.registry = registry;
        this.verifier = verifier;
        this.certificates = certificates.map(CertificateAccess::new);
        this.origins = origins;
        this.failures = failures;
        this.defaultStyle = defaultStyle;
        this.pooled = mayBlock(verifier);
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), daemons);
        this.pool.allowCoreThreadTimeOut(true);
        this.judging = new JudgingQueue(context, pool, this::judge, this::tellTooSlow);
    }

    @Override
    public void onFault(String what, Throwable fault, long number) {
        context.log()
                .accept(LogEntry.builder(
                                LogEntry.Origin.BROKER,
                                LogEntry.Level.WARN,
                                "transport_fault",
                                what + ": " + FailureText.of(fault))
                        .attribute("faults", number));
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
        } catch (Throwable t) {
            return true;
        }
    }

    @Override
    public void onArrival(Arrival arrival) {
        HandshakeRequest request = arrival.request();
        Admission admission = new Admission(arrival, context, registry);
        HandshakeQuery query;
        try {
            query = HandshakeQuery.of(request);
        } catch (IllegalArgumentException e) {
            admission.refuse(new Refusal(400, CloseCode.POLICY_VIOLATION, "bad_request: " + e.getMessage()));
            return;
        }
        AccessRequest access = new AccessRequest(
                        query.token(), request.remoteAddress(), request.path(), request.header("origin"))
                .withCertificates(inForce(request.peerCertificates()));
        FrameStyle style = query.style().orElse(defaultStyle);
        Optional<String> objection = origins.objection(request);
        if (objection.isPresent()) {
            admission.refuse(new Refusal(403, CloseCode.FORBIDDEN, objection.get()));
        } else if (certificates.isPresent() && CertificateAccess.decidesOn(request, access)) {
            verify(admission, access, style, () -> certificates.get().principal(request));
        } else if (pooled) {
            verifyInPool(admission, access, style);
        } else {
            verify(admission, access, style, () -> ask(access));
        }
    }

    private void verifyInPool(Admission admission, AccessRequest access, FrameStyle style) {
        AccessTimeLimit limit = new AccessTimeLimit(context.clock(), context.loop(), () -> giveUp(admission));
        try {
            limit.begin(pool.submit(() -> {
                try {
                    verify(admission, access, style, () -> ask(access));
                } finally {
                    limit.isOver();
                }
            }));
        } catch (RejectedExecutionException e) {
            admission.refuse(notNow());
        }
    }

    private boolean giveUp(Admission admission) {
        boolean gaveUp = admission.refuse(notNow());
        if (gaveUp) {
            tellTooSlow();
        }
        return gaveUp;
    }

    private void tellTooSlow() {
        tellFault("the verifier has taken longer than " + AccessTimeLimit.SECONDS + " s", Optional.empty());
    }

    private static Refusal notNow() {
        return new Refusal(
                503, CloseCode.OVERLOADED, "overloaded retry_after_ms=2000: tokens cannot be judged now", 2000);
    }

    private static Refusal tooOften(int waitMillis) {
        return new Refusal(
                429,
                CloseCode.TOO_MANY,
                "rate_limited retry_after_ms=" + waitMillis + ": " + TOO_MANY_FAILURES,
                waitMillis);
    }

    /** Says who a client is. */
    private interface Judge {
        ClientPrincipal judge() throws TokenRejectedException, IOException;
    }

    private void verify(Admission admission, AccessRequest access, FrameStyle style, Judge judge) {
        ClientPrincipal principal;
        try {
            principal = judge.judge();
        } catch (TokenRejectedException e) {
            String word = e.reason().name().toLowerCase(Locale.ROOT);
            String why = word + ": " + withoutToken(access, String.valueOf(e.getMessage()));
            int wait = failures.oneMore(access.remoteAddress().getAddress());
            admission.refuse(
                    wait > 0 ? tooOften(wait) : new Refusal(401, CloseCode.UNAUTHORIZED, why), detail(access, e));
            return;
        } catch (Throwable t) {
            if (admission.refuse(notNow())) {
                tellFailed(access, t);
            }
            return;
        }
        admit(admission, access, principal, style);
    }

    /** Asks about a newer token of a session. */
    private void judge(NewerToken newer) {
        AccessRequest access = newer.access();
        try {
            newer.accept(ask(access), context);
        } catch (TokenRejectedException e) {
            int wait = failures.oneMore(access.remoteAddress().getAddress());
            if (wait > 0) {
                newer.refuseForNow(TOO_MANY_FAILURES, wait);
            } else {
                newer.refuse(e.reason(), withoutToken(access, String.valueOf(e.getMessage())), detail(access, e));
            }
        } catch (Throwable t) {
            if (newer.putOff()) {
                tellFailed(access, t);
            }
        }
    }

    private ClientPrincipal ask(AccessRequest access) throws TokenRejectedException, IOException {
        try {
            return Objects.requireNonNull(verifier.verify(access), "the verifier's answer");
        } finally {
            // It may leave its thread interrupted, which would end the transport's where the verifier does not block.
            Thread.interrupted();
        }
    }

    private void admit(Admission admission, AccessRequest access, ClientPrincipal principal, FrameStyle style) {
        if (closed) {
            admission.refuse(new Refusal(503, CloseCode.GOING_AWAY, "the robot is going down", 2000));
        } else {
            AccessRequest without = access.renewal(Optional.empty(), principal); // a session keeps no token
            admission.admit(
                    principal,
                    style,
                    (request, present, onVerdict) -> judging.begin(new NewerToken(
                            request,
                            without.renewal(Optional.of(request.token()), present)
                                    .withCertificates(inForce(without.certificates())),
                            present,
                            onVerdict)));
        }
    }

    /** A connection, and a TLS session that is resumed, may be older than the end of the certificate that it began with. */
    private List<X509Certificate> inForce(List<X509Certificate> certificates) {
        return CertificateAccess.hasExpired(certificates, context.clock().now()) ? List.of() : certificates;
    }

    /**
     * The text of an {@link IOException} is for the robot's own people; what else is thrown is a fault, whose text may hold
     * anything.
     */
    private void tellFailed(AccessRequest access, Throwable t) {
        if (t instanceof IOException) {
            tellFault("the verifier cannot judge tokens now", Optional.of(withoutToken(access, FailureText.of(t))));
        } else {
            tellFault("the verifier threw " + t.getClass().getName(), Optional.empty());
        }
    }

    /** What a verifier says should not quote the token; a slip must not put it into a log. */
    private static String withoutToken(AccessRequest access, String text) {
        return access.token()
                .filter(token -> token.length() >= SHORTEST_SECRET)
                .map(token -> text.replace(token, "…"))
                .orElse(text);
    }

    private static Optional<String> detail(AccessRequest access, TokenRejectedException refusal) {
        return refusal.detail().map(text -> withoutToken(access, text));
    }

    private void tellFault(String message, Optional<String> detail) {
        LogEntry.Builder entry =
                LogEntry.builder(LogEntry.Origin.BROKER, LogEntry.Level.ERROR, "verifier_failed", message);
        detail.ifPresent(entry::detail);
        context.log().accept(entry);
    }

    /** Lets nobody in any more; a verifier that stands still is interrupted. */
    public void close() {
        closed = true;
        pool.shutdownNow();
    }

    /** Waits, once closed, for the end of the threads, at most so long. */
    public void awaitEnd(Duration limit) {
        daemons.awaitEnd(limit);
    }
}
