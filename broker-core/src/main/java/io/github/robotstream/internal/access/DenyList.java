package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Subjects and tokens that get in no more for a time. Any thread. An entry is over when its time is over by both clocks: one
 * that is set back makes tokens good for longer, and one that is set ahead does not end an entry early.
 */
public final class DenyList {
    /** How many subjects, and how many tokens. */
    public static final int MOST = 10_000;

    /** What its clients are told. */
    public static final String REASON = AccessRefusal.DENIED.atHandshake().reason();

    private final BrokerClock clock;
    private final Map<String, End> subjects = new ConcurrentHashMap<>();
    private final Map<String, End> tokens = new ConcurrentHashMap<>();

    private record End(Instant wall, long nanos) {
        boolean isOver(BrokerClock clock) {
            return clock.nanoTime() - nanos >= 0 && !clock.now().isBefore(wall);
        }
    }

    public DenyList(BrokerClock clock) {
        this.clock = clock;
    }

    public boolean covers(ClientPrincipal principal) {
        return isIn(subjects, principal.name())
                || principal.tokenId().filter(id -> isIn(tokens, id)).isPresent();
    }

    private boolean isIn(Map<String, End> entries, String key) {
        End end = entries.get(key);
        return end != null && !end.isOver(clock);
    }

    /** Denies a subject; an entry that lasts longer stays. */
    public void denySubject(String subject, Duration time) {
        put(subjects, subject, time, "subjects");
    }

    /** Denies the token of that id; an entry that lasts longer stays. */
    public void denyToken(String id, Duration time) {
        put(tokens, id, time, "tokens");
    }

    private synchronized void put(Map<String, End> entries, String key, Duration time, String what) {
        End present = entries.get(key);
        if (present == null && entries.size() >= MOST) {
            entries.values().removeIf(end -> end.isOver(clock));
            if (entries.size() >= MOST) {
                throw new IllegalStateException("the deny list holds " + MOST + " " + what
                        + ", the most it can: change the key that tokens are signed with");
            }
        }
        End end = new End(clock.now().plus(time), clock.nanoTime() + time.toNanos());
        if (present == null || end.nanos() - present.nanos() > 0 || end.wall().isAfter(present.wall())) {
            entries.put(key, end);
        }
    }

    /** Whether a subject was denied until now, and is no more. */
    public boolean allowSubject(String subject) {
        return subjects.remove(subject) != null;
    }

    /** Whether a token was denied until now, and is no more. */
    public boolean allowToken(String id) {
        return tokens.remove(id) != null;
    }
}
