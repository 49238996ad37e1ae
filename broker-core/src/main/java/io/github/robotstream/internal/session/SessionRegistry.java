package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.access.Sessions;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions, and how many there may be, in all and of one subject. In all, who comes later has to wait; of one
 * subject, the newest takes the place of the oldest, so that a connection that is half open does not lock its owner out.
 * Any thread.
 */
public final class SessionRegistry implements Sessions {
    /** In the order of their numbers, which is that of their ids by length and then by characters. */
    private static final Comparator<String> BY_NUMBER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final ConcurrentNavigableMap<String, Session> sessions = new ConcurrentSkipListMap<>(BY_NUMBER);
    /** In the order in which they came; empty where a subject has no limit. */
    private final Map<String, List<Session>> bySubject = new ConcurrentHashMap<>();
    /** Those that end and have lost their place already. */
    private final Set<String> replaced = ConcurrentHashMap.newKeySet();

    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicInteger places = new AtomicInteger();
    private final SessionContext context;
    private final int most;
    private final int mostOfSubject;

    /**
     * No session yet.
     *
     * @param mostOfSubject no limit if it is {@code most} or more
     */
    public SessionRegistry(SessionContext context, int most, int mostOfSubject) {
        this.context = context;
        this.most = most;
        this.mostOfSubject = mostOfSubject;
    }

    @Override
    public boolean reserve(String subject) {
        if (places.incrementAndGet() > most && !hasAll(subject)) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    private boolean hasAll(String subject) {
        return bySubject.getOrDefault(subject, List.of()).size() >= mostOfSubject;
    }

    @Override
    public void release() {
        places.decrementAndGet();
    }

    /** Begins a session; ends the oldest of the same subject if it has one too many. */
    @Override
    public ConnectionListener begin(
            ClientPrincipal principal, Connection connection, Dialect dialect, TokenJudge tokenJudge) {
        String id = "c-" + numbers.incrementAndGet();
        Session session = new Session(id, principal, connection, dialect, context, tokenJudge, this::remove);
        sessions.put(id, session);
        changes.incrementAndGet();
        if (mostOfSubject < most) {
            addToSubject(session)
                    .ifPresent(oldest -> oldest.close(
                            CloseCode.REPLACED, "replaced: a newer session of the same subject has taken its place"));
        }
        // Once more, now that whoever denies the client finds the session.
        session.closeIfDenied();
        session.wake();
        return session;
    }

    private Optional<Session> addToSubject(Session session) {
        List<Session> gone = new ArrayList<>();
        bySubject.compute(session.principal().name(), (subject, present) -> {
            List<Session> all = new ArrayList<>(present == null ? List.of() : present);
            all.add(session);
            if (all.size() > mostOfSubject) {
                // Within the lock of this subject, as is the question in remove.
                Session oldest =
                        all.stream().filter(Session::isClosing).findFirst().orElse(all.get(0));
                all.remove(oldest);
                replaced.add(oldest.id());
                release();
                gone.add(oldest);
            }
            return List.copyOf(all);
        });
        return gone.stream().findFirst();
    }

    /** An end, told by the session once; again if this threw for want of memory, which the first step alone may. */
    private void remove(Session session) {
        bySubject.computeIfPresent(session.principal().name(), (subject, present) -> {
            List<Session> others =
                    present.stream().filter(other -> other != session).toList();
            return others.isEmpty() ? null : others;
        });
        if (sessions.remove(session.id()) != null) {
            changes.incrementAndGet();
            if (!replaced.remove(session.id())) {
                release();
            }
        }
    }

    /** Ends a session because robot code says so; false if there is no such one. */
    public boolean disconnect(String id, String reason) {
        Session session = sessions.get(id);
        if (session != null) {
            session.close(CloseCode.FORBIDDEN, "disconnected: " + reason);
        }
        return session != null;
    }

    /** Ends the sessions of such clients; tells how many. */
    public int closeAll(Predicate<ClientPrincipal> whose, String reason) {
        List<Session> found = sessions.values().stream()
                .filter(session -> !session.isClosing() && whose.test(session.principal()))
                .toList();
        found.forEach(session -> session.close(CloseCode.FORBIDDEN, reason));
        return found.size();
    }

    /** The wall clock, by which tokens end, was set; broker thread. */
    public void lookAtEndsAgain() {
        sessions.values().forEach(Session::lookAtEndAgain);
    }

    /** {@return what they are like now} */
    public List<SessionView> views() {
        return all().stream().map(Session::view).toList();
    }

    /** {@return the one that came next after another, or the first; null if there is none} */
    public @Nullable Session next(@Nullable Session after) {
        Map.Entry<String, Session> next = after == null ? sessions.firstEntry() : sessions.higherEntry(after.id());
        return next == null ? null : next.getValue();
    }

    /** {@return how many have begun or ended} */
    public long changes() {
        return changes.get();
    }

    /** {@return all that are open} */
    public Collection<Session> all() {
        return sessions.values();
    }
}
