package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * All connections that are not finished, and among them, the oldest first, those in their handshake: some have not sent their request yet
 * ({@code silent}), the others wait for the verdict on it. Thread-safe, by its monitor.
 */
public final class OpenConnections {
    private final int maxConnections;
    private final int maxHandshakes;
    private final AddressCounts addresses;
    private final AddressRate rate;
    private final MarkInterval markInterval = new MarkInterval();
    private final Set<SocketConnection> all = new LinkedHashSet<>();
    private final Set<SocketConnection> silent = new LinkedHashSet<>();
    private final Set<SocketConnection> waiting = new LinkedHashSet<>();

    private record Burden(SocketConnection connection, double weight) {}

    OpenConnections(Settings settings, LongSupplier nanoTime) {
        this.maxConnections = settings.sessions + settings.handshakes;
        this.maxHandshakes = settings.handshakes;
        this.addresses = new AddressCounts(settings.connectionsPerAddress, settings.trustedProxies);
        int perSecond = settings.newConnectionsPerAddress;
        // As many as may be open come back at once after the robot was away.
        int atOnce = Math.max(settings.connectionsPerAddress, 2 * perSecond);
        this.rate = new AddressRate(perSecond, atOnce, settings.trustedProxies, nanoTime);
    }

    synchronized boolean isFull() {
        return all.size() >= maxConnections;
    }

    /** Counts a new connection of an address. Tells why it is refused, if there is no room for it. */
    public synchronized Optional<Refusal> refusalOf(InetAddress address) {
        return isFull() ? Optional.of(Refusal.overloaded(4000)) : refusalByAddress(address);
    }

    private Optional<Refusal> refusalByAddress(InetAddress address) {
        if (!addresses.hasRoom(address)) {
            return Optional.of(Refusal.TOO_MANY_OF_ONE);
        }
        int wait = rate.oneMore(address);
        return wait == 0 ? Optional.empty() : Optional.of(Refusal.tooFastOfOne(wait));
    }

    /** {@return how often connections are marked, by how many there are} */
    MarkInterval markInterval() {
        return markInterval;
    }

    public synchronized int count() {
        return all.size();
    }

    /** Adds one. Returns the one that has to give way for it: the oldest that is silent, or else the oldest that waits. */
    synchronized Optional<SocketConnection> add(SocketConnection connection) {
        all.add(connection);
        markInterval.clients(all.size());
        addresses.add(connection.remoteAddress().getAddress());
        Optional<SocketConnection> oldest = Optional.empty();
        if (silent.size() + waiting.size() >= maxHandshakes) {
            oldest = silent.stream().findFirst().or(() -> waiting.stream().findFirst());
            oldest.ifPresent(this::judged);
        }
        silent.add(connection);
        return oldest;
    }

    /** The head of its request is complete. */
    synchronized void asked(SocketConnection connection) {
        if (silent.remove(connection)) {
            waiting.add(connection);
        }
    }

    /**
     * Counts it for the address of its client instead of its proxy's.
     *
     * @return why it is refused, if that address has as many as it may
     */
    synchronized Optional<Refusal> move(SocketConnection connection, InetSocketAddress client) {
        InetAddress before = connection.remoteAddress().getAddress();
        Optional<Refusal> refusal = client.getAddress().equals(before)
                ? Optional.empty() // counted when it was accepted
                : refusalByAddress(client.getAddress());
        if (refusal.isEmpty() && all.contains(connection)) {
            addresses.remove(before);
            addresses.add(client.getAddress());
            connection.comesFrom(client);
        }
        return refusal;
    }

    /** It has its verdict. */
    synchronized void judged(SocketConnection connection) {
        silent.remove(connection);
        waiting.remove(connection);
    }

    synchronized void remove(SocketConnection connection) {
        judged(connection);
        if (all.remove(connection)) {
            markInterval.clients(all.size());
            addresses.remove(connection.remoteAddress().getAddress());
        }
        if (all.isEmpty()) {
            notifyAll();
        }
    }

    public synchronized List<SocketConnection> snapshot() {
        return List.copyOf(all);
    }

    /** Adds all to a list; allocates nothing once the list has grown. */
    synchronized void copyTo(List<SocketConnection> list) {
        for (SocketConnection connection : all) {
            list.add(connection);
        }
    }

    /**
     * Gives memory back where the outbound lanes together hold more than they may: those connections are closed that have held most for
     * longest without their sockets taking any of it, one after the other, until it is enough. A client that reads has never held
     * anything for long. Not to be called under a lane's monitor.
     */
    void shed(UnsentBudget budget) {
        long now = budget.nanoTime();
        List<Burden> heaviest = snapshot().stream()
                .map(connection -> new Burden(connection, connection.burden(now)))
                .filter(burden -> burden.weight() > 0)
                .sorted(Comparator.comparingDouble(Burden::weight).reversed())
                .toList();
        for (Burden burden : heaviest) {
            if (!budget.isExceeded()) {
                return;
            }
            burden.connection()
                    .close(CloseCode.OVERLOADED, "overloaded: what it does not read takes more memory than there is");
            burden.connection().cut(); // the close frame would wait behind all that
        }
    }

    /** Waits until none is left or the time is over. */
    public synchronized void awaitNone(Deadline deadline) throws InterruptedException {
        for (long left = deadline.leftMillis(); !all.isEmpty() && left > 0; left = deadline.leftMillis()) {
            wait(left);
        }
    }
}
