package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.transport.Arrival;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.spi.LogEntry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client at the door. It gets one verdict, from whoever comes to one first; what comes later does nothing and is not told.
 * Any thread.
 */
final class Admission {
    private final Arrival arrival;
    private final SessionContext context;
    private final SessionRegistry registry;
    private final AtomicBoolean judged = new AtomicBoolean();

    Admission(Arrival arrival, SessionContext context, SessionRegistry registry) {
        this.arrival = arrival;
        this.context = context;
        this.registry = registry;
    }

    /** Lets the client in, if its time is not over and there is room for a session. */
    void admit(ClientPrincipal principal, FrameStyle style, TokenJudge tokenJudge) {
        if (principal
                .expiresAt()
                .filter(end -> !context.clock().now().isBefore(end))
                .isPresent()) {
            refuse(new Refusal(401, CloseCode.UNAUTHORIZED, "token_expired: get a new token and come back"));
        } else if (context.denied().covers(principal)) {
            refuse(new Refusal(403, CloseCode.FORBIDDEN, DenyList.REASON));
        } else if (!registry.reserve(principal.name())) {
            refuse(new Refusal(
                    503, CloseCode.OVERLOADED, "overloaded retry_after_ms=4000: there are too many sessions", 4000));
        } else if (!judge() || !begin(principal, style, tokenJudge)) {
            registry.release();
        }
    }

    /** False if the client has left. */
    private boolean begin(ClientPrincipal principal, FrameStyle style, TokenJudge tokenJudge) {
        SessionRegistry sessions = registry; // the session must not hold on to this, and so to the token
        return arrival.admit(connection -> {
            String id = sessions.nextId();
            Session session = new Session(id, principal, connection, style, context, tokenJudge, sessions::remove);
            sessions.add(session);
            session.tenure().closeIfDenied();
            context.loop().attend(session);
            return session;
        });
    }

    /**
     * Turns the client away, and tells why.
     *
     * @return false if it had its verdict already
     */
    boolean refuse(Refusal refusal) {
        return refuse(refusal, Optional.empty());
    }

    /** The same with what the robot's own people are told beside it. */
    boolean refuse(Refusal refusal, Optional<String> detail) {
        if (!judge()) {
            return false;
        }
        arrival.refuse(refusal);
        LogEntry.Builder entry = LogEntry.builder(
                        LogEntry.Origin.BROKER, LogEntry.Level.WARN, "client_refused", refusal.reason())
                .attribute("address", Addresses.host(arrival.request().remoteAddress()));
        detail.ifPresent(entry::detail);
        context.log().accept(entry);
        return true;
    }

    private boolean judge() {
        return judged.compareAndSet(false, true);
    }
}
