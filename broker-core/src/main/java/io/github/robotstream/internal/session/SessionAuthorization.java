package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.Optional;

/** What a session has by its newest token: who its client is, what it may do, and until when. Broker thread. */
final class SessionAuthorization {
    private final Session session;
    private final SessionContext context;
    private final Expiry expiry;
    private volatile ClientPrincipal principal;

    SessionAuthorization(Session session, ClientPrincipal principal, SessionContext context) {
        this.session = session;
        this.context = context;
        this.principal = principal;
        this.expiry = new Expiry(context.clock(), context.loop(), this::warn, this::expire);
    }

    /** Any thread. */
    ClientPrincipal principal() {
        return principal;
    }

    void begin() {
        expiry.at(principal.expiresAt());
    }

    /** Goes on as the same subject with other rights and another end. */
    void renew(ClientPrincipal renewed) {
        principal = renewed;
        expiry.at(renewed.expiresAt());
        closeIfDenied();
    }

    /** No request is done after the end of the token, however late the broker thread comes to it. */
    void endIfDue() {
        expiry.endIfDue();
    }

    /** The wall clock was set. */
    void lookAtEndAgain() {
        expiry.lookAgain();
    }

    /** How long until it ends with its token, if it does. */
    Optional<Duration> left() {
        return expiry.left();
    }

    /** The client wants to be told when its token is about to end. */
    void announceEnd() {
        expiry.announce();
    }

    void end() {
        expiry.cancel();
    }

    /** Looks once more, now that whoever denies the client finds the session; any thread. */
    void closeIfDenied() {
        if (context.denied().covers(principal)) {
            session.close(CloseCode.FORBIDDEN, DenyList.REASON);
        }
    }

    private void warn(Duration left) {
        session.reply(FrameEncoder.authExpiring(left));
    }

    private void expire() {
        if (!session.isClosing()) {
            session.log(session.entry(LogEntry.Level.INFO, "token_expired", session.id() + " ends with its token"));
            session.close(CloseCode.UNAUTHORIZED, "token_expired: get a new token and come back");
        }
    }
}
