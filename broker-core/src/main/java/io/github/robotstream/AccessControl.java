package io.github.robotstream;

import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.session.SessionRegistry;
import java.time.Duration;
import java.util.Objects;

/**
 * Takes access from clients whose tokens are good: an operator has left the company, a token was stolen. What is denied here is
 * forgotten when the robot's program ends; who must stay out for good belongs to the {@link io.github.robotstream.spi.TokenVerifier}.
 *
 * <p>Every method may be called by any thread and returns at once. A client that is denied is refused with 403, or 4403 for
 * browsers; its newer tokens are refused in its session; and its open sessions end with 4403.
 *
 * <pre>{@code
 * broker.access().denySubject("operator-3", Duration.ofHours(12));   // put out now, and kept out
 * broker.access().allowSubject("operator-3");
 * }</pre>
 */
public final class AccessControl {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final SessionRegistry sessions;
    private final DenyList denied;

    AccessControl(SessionRegistry sessions, DenyList denied) {
        this.sessions = sessions;
        this.denied = denied;
    }

    /**
     * Ends all sessions of a subject with close code 4403. It may come back; see {@link #denySubject}.
     *
     * @param subject the name of its principal: for a JWT, its subject
     * @param reason why, for people; at most about 100 characters reach the client
     * @return how many sessions that were
     */
    public int disconnectSubject(String subject, String reason) {
        Objects.requireNonNull(reason, "reason");
        String name = checked("subject", subject);
        return sessions.closeAll(client -> client.name().equals(name), "disconnected: " + reason);
    }

    /**
     * Lets a subject in no more for a time, whatever its token, and ends its sessions. At most 10,000 subjects are denied at a time.
     *
     * @param subject the name of its principal: for a JWT, its subject
     * @param time how long, 1 millisecond to 3650 days, by whichever clock says it is not over yet; a denial that lasts longer stays
     * @return how many sessions ended
     * @throws IllegalStateException if so many are denied already
     */
    public int denySubject(String subject, Duration time) {
        denied.denySubject(checked("subject", subject), Range.check("time", time, SHORTEST, LONGEST));
        return closeDenied();
    }

    /**
     * Takes a token no more, and ends the sessions that have it. At most 10,000 tokens are denied at a time.
     *
     * @param tokenId the id of the token, see {@link ClientPrincipal#tokenId}: for a JWT, its claim {@code jti}. Tokens without one
     *     cannot be denied
     * @param time how long, as for {@link #denySubject}; as long as the token is good is enough
     * @return how many sessions ended
     * @throws IllegalStateException if so many are denied already
     */
    public int denyToken(String tokenId, Duration time) {
        denied.denyToken(checked("tokenId", tokenId), Range.check("time", time, SHORTEST, LONGEST));
        return closeDenied();
    }

    /** A client that comes in beside this is looked at once more after it is in the registry, so that none slips through. */
    private int closeDenied() {
        return sessions.closeAll(denied::covers, DenyList.REASON);
    }

    /** Takes back {@link #denySubject}; false if it was not denied. */
    public boolean allowSubject(String subject) {
        return denied.allowSubject(checked("subject", subject));
    }

    /** Takes back {@link #denyToken}; false if it was not denied. */
    public boolean allowToken(String tokenId) {
        return denied.allowToken(checked("tokenId", tokenId));
    }

    /** What can be no name would never match, and a denial that does nothing must not look like one that does. */
    private static String checked(String what, String value) {
        Objects.requireNonNull(value, what);
        if (value.isBlank() || value.length() > ClientPrincipal.MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException(what + " has " + value.length() + " characters: it has to have 1 to "
                    + ClientPrincipal.MAX_NAME_CHARACTERS + ", and not all blank");
        }
        return value;
    }
}
