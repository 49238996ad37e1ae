package io.github.robotstream.internal.transport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All sockets that are not finished, and among them, the oldest first, those still on their way in. Thread-safe, by its monitor. */
final class OpenConnections {
    private final int maxConnections;
    private final int maxArrivals;
    private final Set<SocketConnection> all = new LinkedHashSet<>();
    private final Set<SocketConnection> arriving = new LinkedHashSet<>();

    OpenConnections(int maxConnections, int maxArrivals) {
        this.maxConnections = maxConnections;
        this.maxArrivals = maxArrivals;
    }

    synchronized boolean isFull() {
        return all.size() >= maxConnections;
    }

    synchronized int count() {
        return all.size();
    }

    /** Adds one, and says which has to give way for it. */
    synchronized Optional<SocketConnection> add(SocketConnection connection) {
        all.add(connection);
        arriving.add(connection);
        if (arriving.size() <= maxArrivals) {
            return Optional.empty();
        }
        SocketConnection oldest = arriving.iterator().next();
        arriving.remove(oldest);
        return Optional.of(oldest);
    }

    /** It has its verdict. */
    synchronized void arrived(SocketConnection connection) {
        arriving.remove(connection);
    }

    synchronized void remove(SocketConnection connection) {
        arriving.remove(connection);
        all.remove(connection);
        if (all.isEmpty()) {
            notifyAll();
        }
    }

    synchronized List<SocketConnection> snapshot() {
        return List.copyOf(all);
    }

    /** Waits until none is left or the time is over. */
    synchronized void awaitNone(Deadline deadline) throws InterruptedException {
        for (long left = deadline.leftMillis(); !all.isEmpty() && left > 0; left = deadline.leftMillis()) {
            wait(left);
        }
    }
}
