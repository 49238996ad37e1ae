package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.jfr.FlightEvents;
import io.github.robotstream.internal.jfr.Span;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks the verifier about each client that wants to get in; one that may block, on a pool under a time limit. */
public final class Authenticator implements HandshakeListener {
    private static final int SHORTEST_SECRET = 6;

    private final AccessContext context;
    private final Sessions sessions;
    private final TokenVerifier verifier;
    private final Optional<CertificateAccess> certificates;
    private final OriginRules origins;
    private final ClientDialects dialects;
    private final MetricsSource metrics;
    private final boolean pooled;
    private final DaemonThreads daemons = new DaemonThreads("robotstream-verify");
    private final VerifierPool handshakes;
    private final VerifierPool renewals;
    private final Consumer<NewerToken> newer = this::judgeNewer; // for all sessions
    private volatile boolean closed;

    /**
     * {@code certificates} is what clients may do that come with a certificate and without a token; empty if they do not get in.
     */
    public Authenticator(
            AccessContext context,
            Sessions sessions,
            TokenVerifier verifier,
            Optional<Permissions> certificates,
            OriginRules origins,
            ClientDialects dialects,
            MetricsSource metrics) {
        this.context = context;
        this.sessions = sessions;
        this.verifier = verifier;
        this.certificates = certificates.map(CertificateAccess::new);
        this.origins = origins;
        this.dialects = dialects;
        this.metrics = metrics;
        this.pooled = mayBlock(verifier);
        this.handshakes = new VerifierPool(context, daemons, this::tellTooSlow);
        this.renewals = new VerifierPool(context, daemons, this::tellTooSlow);
    }

    @Override
    public void readInline(Runnable read) {
        context.loop().runAndStep(read);
    }

    @Override
    public void onFault(String what, Throwable fault, long number) {
        context.log()
                .accept(LogEntry.of(Level.WARN, "transport_fault", what)
                        .attribute("faults", number)
                        .detail(FailureText.of(fault)));
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
    public void onHandshake(Handshake handshake) {
        HandshakeRequest request = handshake.request();
        HandshakeQuery query;
        try {
            query = HandshakeQuery.of(request);
        } catch (IllegalArgumentException e) {
            refuse(handshake, new Refusal(400, CloseCode.POLICY_VIOLATION, "bad_request: " + e.getMessage()));
            return;
        }
        Optional<String> objection = origins.objection(request);
        if (objection.isPresent()) {
            refuse(handshake, new Refusal(403, CloseCode.FORBIDDEN, objection.get()));
            return;
        }
        AccessRequest access = new AccessRequest(
                        query.token(), request.remoteAddress(), request.path(), request.header("origin"))
                .withCertificates(CertificateAccess.inForce(
                        request.peerCertificates(), context.clock().now()));
        PendingVerdict pending = handshake.wantsWebSocket()
                ? admission(handshake, access, dialects.of(query.subprotocol(), query.style()))
                : new MetricsRequest(handshake, access, context, metrics);
        if (certificates.isPresent() && CertificateAccess.decidesOn(request, access)) {
            judge(pending, () -> certificates.get().principal(request));
        } else if (pooled) {
            handshakes.begin(pending, () -> judge(pending, () -> ask(access)));
        } else {
            judge(pending, () -> ask(access));
        }
    }

    private Admission admission(Handshake handshake, AccessRequest access, Dialect dialect) {
        return new Admission(handshake, access, dialect, context, sessions, newer);
    }

    private void refuse(Handshake handshake, Refusal refusal) {
        Admission.refuse(handshake, context, refusal, Optional.empty());
    }

    private void judgeNewer(NewerToken token) {
        renewals.begin(token, () -> judge(token, () -> ask(token.access())));
    }

    private void tellTooSlow() {
        tellFault("the verifier has taken longer than " + VerifierPool.SECONDS + " s", Optional.empty());
    }

    private interface Judge {
        ClientPrincipal judge() throws TokenRejectedException, IOException;
    }

    private void judge(PendingVerdict pending, Judge judge) {
        ClientPrincipal principal;
        try {
            principal = judge.judge();
        } catch (TokenRejectedException e) {
            pending.refuse(rejected(pending.access(), e));
            return;
        } catch (Throwable t) {
            if (pending.refuse(AccessRefusal.NOT_NOW)) {
                tellFailed(pending.access(), t);
            }
            return;
        }
        if (closed) {
            pending.refuse(AccessRefusal.NOT_NOW);
        } else {
            pending.accept(principal);
        }
    }

    private AccessRefusal rejected(AccessRequest access, TokenRejectedException e) {
        Optional<String> detail = e.detail().map(text -> withoutToken(access, text));
        int wait = context.failures().oneMore(access.remoteAddress().getAddress());
        return wait > 0
                ? AccessRefusal.tooManyFailures(wait, detail)
                : AccessRefusal.rejected(e.reason(), withoutToken(access, String.valueOf(e.getMessage())), detail);
    }

    private ClientPrincipal ask(AccessRequest access) throws TokenRejectedException, IOException {
        Span call = FlightEvents.verifierCall(access.remoteAddress());
        String outcome = "failed";
        try {
            ClientPrincipal principal = Objects.requireNonNull(verifier.verify(access), "the verifier's answer");
            outcome = "verified";
            return principal;
        } catch (TokenRejectedException e) {
            outcome = "rejected";
            throw e;
        } finally {
            call.end(outcome);
            // It may leave its thread interrupted, which would end the transport's where the verifier does not block.
            Thread.interrupted();
        }
    }

    /** What it threw is for the robot's own people; the text of anything but an IOException may hold anything, and is told to nobody. */
    private void tellFailed(AccessRequest access, Throwable t) {
        context.userFaults().accept("the token verifier", t);
        if (t instanceof IOException) {
            tellFault("the verifier cannot judge tokens now", Optional.of(withoutToken(access, FailureText.of(t))));
        } else {
            tellFault("the verifier failed", Optional.of(t.getClass().getName()));
        }
    }

    /** What a verifier says should not quote the token; a slip must not put it into a log. */
    private static String withoutToken(AccessRequest access, String text) {
        return access.token()
                .filter(token -> token.length() >= SHORTEST_SECRET)
                .map(token -> text.replace(token, "…"))
                .orElse(text);
    }

    private void tellFault(String message, Optional<String> detail) {
        LogEntry.Builder entry = LogEntry.of(Level.ERROR, "verifier_failed", message);
        detail.ifPresent(entry::detail);
        context.log().accept(entry);
    }

    /** Whether no token waits for a thread of the verifier's, or for what follows from its verdict. */
    public boolean isIdle() {
        return handshakes.isIdle() && renewals.isIdle();
    }

    /** Lets nobody in any more; a verifier that stands still is interrupted. */
    public void close() {
        closed = true;
        handshakes.close();
        renewals.close();
    }

    /** Waits, once closed, for the end of the threads, at most so long. */
    public void awaitEnd(Duration limit) {
        daemons.awaitEnd(limit);
    }
}
