package io.github.robotstream.internal.session;

import io.github.robotstream.internal.access.DenyList;
import java.time.Duration;

/**
 * Takes access from clients: those that are in are sent away, and where it is said do not come in again. Safe for use by several
 * threads.
 */
public final class Revocation {
    private final SessionRegistry sessions;
    private final DenyList denied;

    /** Takes it from nobody yet. */
    public Revocation(SessionRegistry sessions, DenyList denied) {
        this.sessions = sessions;
        this.denied = denied;
    }

    /** Ends all sessions of a subject; tells how many. */
    public int disconnectSubject(String subject, String reason) {
        return sessions.closeAll(session -> session.principal().name().equals(subject), "disconnected: " + reason);
    }

    /** Denies a subject, and ends its sessions; tells how many. */
    public int denySubject(String subject, Duration time) {
        denied.denySubject(subject, time);
        return closeDenied();
    }

    /** Denies a token, and ends its sessions; tells how many. */
    public int denyToken(String id, Duration time) {
        denied.denyToken(id, time);
        return closeDenied();
    }

    /** Who comes in beside this is looked at once more after it is in the registry, so that nobody slips through. */
    private int closeDenied() {
        return sessions.closeAll(session -> denied.covers(session.principal()), DenyList.REASON);
    }

    /** Takes back that a subject is denied; false if it was not. */
    public boolean allowSubject(String subject) {
        return denied.allowSubject(subject);
    }

    /** Takes back that a token is denied; false if it was not. */
    public boolean allowToken(String id) {
        return denied.allowToken(id);
    }
}
