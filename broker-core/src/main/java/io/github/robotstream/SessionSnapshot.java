package io.github.robotstream;

import io.github.robotstream.internal.session.SessionView;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Set;

/**
 * A session as it was at one moment. Immutable.
 *
 * <pre>{@code
 * for (SessionSnapshot session : broker.sessions()) {
 *     if (session.dropped() > 1_000) {
 *         broker.disconnect(session.id(), "too slow for this robot");
 *     }
 * }
 * }</pre>
 */
public final class SessionSnapshot {
    private final SessionView view;

    SessionSnapshot(SessionView view) {
        this.view = view;
    }

    /** {@return the session's id, as it stands in log entries: for instance {@code c-17}} */
    public String id() {
        return view.id();
    }

    /** {@return who its client is, by the newest token that was taken} */
    public ClientPrincipal principal() {
        return view.principal();
    }

    /** {@return where it comes from} */
    public InetSocketAddress remoteAddress() {
        return view.remoteAddress();
    }

    /** {@return when it got in, by the wall clock} */
    public Instant connectedAt() {
        return view.connectedAt();
    }

    /** {@return the topic names and filters that it is subscribed to} */
    public Set<String> subscriptions() {
        return view.subscriptions();
    }

    /** {@return how many messages wait for it} */
    public int queuedMessages() {
        return view.queuedMessages();
    }

    /** {@return how many bytes of messages wait for it} */
    public long queuedBytes() {
        return view.queuedBytes();
    }

    /** {@return how many messages it was sent since it got in} */
    public long delivered() {
        return view.delivered();
    }

    /** {@return how many messages it lost since it got in} */
    public long dropped() {
        return view.dropped();
    }

    /**
     * {@return how old messages were when the socket took them, without last values; each as old as the oldest of those that it took with
     * it}
     */
    public AgeSummary sentAges() {
        return view.sentAges();
    }

    /**
     * {@return how old messages were when it was known that the client had read them: some a second, by its answers to pings, see
     * {@link Limits#readWithin}; none of a client that answers none}
     */
    public AgeSummary readAges() {
        return view.readAges();
    }

    @Override
    public String toString() {
        return "SessionSnapshot[" + id() + " " + principal().name() + " from " + remoteAddress() + ", "
                + queuedMessages() + " queued, " + delivered() + " delivered, " + dropped() + " dropped]";
    }
}
