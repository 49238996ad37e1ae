package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.CloseCode;
import java.util.Comparator;
import java.util.List;

/**
 * Gives memory back where the outbound lanes together hold more than they may: the connections go that have held most for longest without
 * their sockets taking any of it, one after the other, until it is enough. Who reads has never held anything for long. Any thread, but none that holds a
 * lane's monitor.
 */
public record LoadShedder(UnsentBudget budget, OpenConnections open) {

    private record Burden(SocketConnection connection, double weight) {}

    void ifNeeded() {
        if (budget.isExceeded()) {
            shed();
        }
    }

    private void shed() {
        long now = budget.nanoTime();
        List<Burden> heaviest = open.snapshot().stream()
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
}
