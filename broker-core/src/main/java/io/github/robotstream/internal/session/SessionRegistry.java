package io.github.robotstream.internal.session;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The open sessions, and how many there may be. Safe for use by several threads. */
public final class SessionRegistry {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger places = new AtomicInteger();
    private final int most;

    /** No session yet. */
    public SessionRegistry(int most) {
        this.most = most;
    }

    /** Takes a place for a session that is about to begin; false if all are taken. */
    boolean reserve() {
        if (places.incrementAndGet() > most) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    void release() {
        places.decrementAndGet();
    }

    String nextId() {
        return "c-" + numbers.incrementAndGet();
    }

    void add(Session session) {
        sessions.put(session.id(), session);
    }

    /** An end, told by the session once. */
    void remove(String id) {
        if (sessions.remove(id) != null) {
            release();
        }
    }

    /** A session by its id. */
    public Optional<Session> find(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    /** All that are open. */
    public Collection<Session> all() {
        return sessions.values();
    }
}
