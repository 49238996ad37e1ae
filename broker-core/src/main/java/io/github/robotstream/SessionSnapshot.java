package io.github.robotstream;

import io.github.robotstream.internal.session.SessionView;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Set;

/** A session as it was at one moment. Immutable. */
public final class SessionSnapshot {
    private final String id;
    private final String principal;
    private final InetSocketAddress remoteAddress;
    private final Instant connectedAt;
    private final Set<String> subscriptions;
    private final int queuedMessages;
    private final long queuedBytes;
    private final long delivered;
    private final long dropped;

    SessionSnapshot(SessionView view) {
        this.id = view.id();
        this.principal = view.principal();
        this.remoteAddress = view.remoteAddress();
        this.connectedAt = view.connectedAt();
        this.subscriptions = view.subscriptions();
        this.queuedMessages = view.queuedMessages();
        this.queuedBytes = view.queuedBytes();
        this.delivered = view.delivered();
        this.dropped = view.dropped();
    }

    /**
     * The session's id, as it stands in log entries.
     *
     * @return for instance {@code c-17}
     */
    public String id() {
        return id;
    }

    /**
     * Who it is.
     *
     * @return the name of its principal
     */
    public String principal() {
        return principal;
    }

    /**
     * Where it comes from.
     *
     * @return address and port
     */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * When it got in, by the wall clock.
     *
     * @return the time
     */
    public Instant connectedAt() {
        return connectedAt;
    }

    /**
     * What it is subscribed to.
     *
     * @return topic names and filters
     */
    public Set<String> subscriptions() {
        return subscriptions;
    }

    /**
     * How many messages wait for it.
     *
     * @return the count
     */
    public int queuedMessages() {
        return queuedMessages;
    }

    /**
     * How many bytes of messages wait for it.
     *
     * @return the count
     */
    public long queuedBytes() {
        return queuedBytes;
    }

    /**
     * How many messages it was sent.
     *
     * @return the count since it got in
     */
    public long delivered() {
        return delivered;
    }

    /**
     * How many messages it lost.
     *
     * @return the count since it got in
     */
    public long dropped() {
        return dropped;
    }

    @Override
    public String toString() {
        return "SessionSnapshot[" + id + " " + principal + " from " + remoteAddress + ", " + queuedMessages
                + " queued, " + delivered + " delivered, " + dropped + " dropped]";
    }
}
