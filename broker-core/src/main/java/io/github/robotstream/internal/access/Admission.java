package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.util.Optional;
import java.util.function.Consumer;

/** A client that wants to get in. */
final class Admission extends PendingVerdict {
    private final Handshake handshake;
    private final Sessions sessions;
    private final Dialect dialect;
    private final Consumer<NewerToken> judge;

    /** @param judge begins to judge newer tokens of the session */
    Admission(
            Handshake handshake,
            AccessRequest access,
            Dialect dialect,
            AccessContext context,
            Sessions sessions,
            Consumer<NewerToken> judge) {
        super(access, context);
        this.handshake = handshake;
        this.dialect = dialect;
        this.sessions = sessions;
        this.judge = judge;
    }

    @Override
    void admit(ClientPrincipal principal) {
        if (!sessions.reserve(principal.name())) {
            refuse(AccessRefusal.NO_ROOM);
        } else if (!claim() || !begin(principal)) {
            sessions.release();
        }
    }

    /** False if the client has left. */
    private boolean begin(ClientPrincipal principal) {
        // The session must not hold on to this, and so to the token.
        Sessions open = sessions;
        Dialect spoken = dialect;
        TokenJudge judgeOfSession = NewerToken.judge(access().renewal(Optional.empty(), principal), context(), judge);
        return handshake.admit(connection -> open.begin(principal, connection, spoken, judgeOfSession));
    }

    @Override
    void tell(AccessRefusal refusal) {
        refuse(handshake, context(), refusal.atHandshake(), refusal.detail());
    }

    /** Turns a client away, and tells why; what the robot's own people are told beside it is the detail. */
    static void refuse(Handshake handshake, AccessContext context, Refusal refusal, Optional<String> detail) {
        handshake.refuse(refusal);
        LogEntry.Builder entry = LogEntry.of(Level.WARN, "client_refused", refusal.reason())
                .attribute("address", Addresses.host(handshake.request().remoteAddress()));
        detail.ifPresent(entry::detail);
        context.log().accept(entry);
    }
}
