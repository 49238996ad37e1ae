package io.github.robotstream.internal.session;

/** Who is told of all sessions. Broker thread; nothing in it blocks or throws. */
public interface SessionEvents {
    /** A client got in. */
    void opened(Session session);

    /** A session has ended; the reason is empty if the broker did not end it. */
    void closed(Session session, int code, String reason);

    /** A session begins to lose messages, and has lost none for a second. */
    void slow(Session session);
}
