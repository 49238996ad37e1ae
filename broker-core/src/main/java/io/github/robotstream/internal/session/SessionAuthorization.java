package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Sender;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session has by its newest token: who its client is, what it may do, how fast, and until when. The end is kept on the monotonic
 * clock, so a wall clock that is set back does not put it off; one that is set ahead brings it nearer. Broker thread.
 */
final class SessionAuthorization {
    private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();
    /** Times in nanoseconds reach no further than 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Listener listener;
    private final RequestRate usualRate;
    private final Pace pace;
    private final String session;
    private volatile ClientPrincipal principal;
    private Sender publisher;
    private @Nullable Instant end;
    private long endNanos;
    private boolean warns;
    private boolean hasWarned;
    private Timers.@Nullable Timer timer;

    /** What is told of a token's end. Broker thread. */
    interface Listener {
        /** So much time is left; once for each token. */
        void tokenEndsSoon(Duration left);

        /** The time of a token is over. */
        void tokenHasEnded();
    }

    /** That of a token whose time does not run yet; {@code session} is the session's id. */
    SessionAuthorization(String session, ClientPrincipal principal, SessionContext context, Listener listener) {
        this.session = session;
        this.principal = principal;
        this.publisher = publisher(session, principal);
        this.clock = context.routing.clock();
        this.loop = context.routing.loop();
        this.listener = listener;
        this.usualRate = context.settings.requestRate;
        this.pace = new Pace(principal.requestRate().orElse(usualRate), clock);
    }

    /** {@return who the client is; any thread} */
    ClientPrincipal principal() {
        return principal;
    }

    /** {@return who publishes what the client does} */
    Sender publisher() {
        return publisher;
    }

    /** {@return how fast the client may ask} */
    Pace pace() {
        return pace;
    }

    private static Sender publisher(String session, ClientPrincipal principal) {
        return new Sender(principal.name(), Optional.of(session), Optional.of(principal));
    }

    /** The time of the first token runs from now on. */
    void begin() {
        take(principal);
    }

    /** Goes on as the same subject with what another token says. */
    void renew(ClientPrincipal renewed) {
        pace.change(renewed.requestRate().orElse(usualRate));
        take(renewed);
    }

    private void take(ClientPrincipal other) {
        principal = other;
        publisher = publisher(session, other);
        end = other.expiresAt().orElse(null);
        hasWarned = false;
        if (end != null) {
            endNanos = clock.nanoTime() + nanosUntil(end);
        }
        setTimer();
    }

    /** From now on a warning comes a minute before the end; at once if it is nearer. */
    void announceEnd() {
        warns = true;
        setTimer();
    }

    /** Ends it now if its end has come, however late the broker thread comes to the timer. */
    void endIfDue() {
        if (timer != null && nanosLeft() == 0) {
            cancel();
            listener.tokenHasEnded();
        }
    }

    /** The wall clock was set: what is left by it counts, if it is less. */
    void lookAtEndAgain() {
        if (end != null) {
            long left = nanosUntil(end);
            if (left < nanosLeft()) {
                endNanos = clock.nanoTime() + left;
                setTimer();
            }
        }
    }

    /** {@return how long until the end; empty if there is none} */
    Optional<Duration> left() {
        return end == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanosLeft()));
    }

    /** The end does not matter any more. */
    void cancel() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
    }

    private long nanosUntil(Instant instant) {
        Duration left = Duration.between(clock.now(), instant);
        return left.isNegative() ? 0 : (left.compareTo(LONGEST) > 0 ? LONGEST : left).toNanos();
    }

    private long nanosLeft() {
        return Math.max(0, endNanos - clock.nanoTime());
    }

    private void setTimer() {
        cancel();
        if (end != null) {
            long warning = warns && !hasWarned ? WARNING_NANOS : 0;
            timer = loop.schedule(Math.max(0, nanosLeft() - warning), this::timeHasCome);
        }
    }

    private void timeHasCome() {
        timer = null;
        long left = nanosLeft();
        if (left == 0) {
            listener.tokenHasEnded();
        } else {
            hasWarned = true;
            listener.tokenEndsSoon(Duration.ofNanos(left));
            setTimer();
        }
    }
}
