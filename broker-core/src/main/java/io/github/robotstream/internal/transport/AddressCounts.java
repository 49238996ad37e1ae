package io.github.robotstream.internal.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** How many sockets each address has open; the robot's own computer and trusted proxies may have any number. Not thread-safe. */
final class AddressCounts {
    private final int most;
    private final Predicate<InetAddress> exempt;
    private final Map<InetAddress, Integer> counts = new HashMap<>();

    AddressCounts(int most, Predicate<InetAddress> exempt) {
        this.most = most;
        this.exempt = exempt;
    }

    boolean hasRoom(InetAddress address) {
        return address.isLoopbackAddress() || exempt.test(address) || counts.getOrDefault(address, 0) < most;
    }

    void add(InetAddress address) {
        counts.merge(address, 1, Integer::sum);
    }

    void remove(InetAddress address) {
        counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
