package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.AddressNetwork;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How many sockets each network address has open, see {@link AddressNetwork}; the robot's own computer and trusted proxies may have any
 * number. Bounded by the open sockets. Not thread-safe.
 */
final class AddressCounts {
    private final int most;
    private final Predicate<InetAddress> exempt;
    private final Map<AddressNetwork, Integer> counts = new HashMap<>();

    AddressCounts(int most, Predicate<InetAddress> exempt) {
        this.most = most;
        this.exempt = exempt;
    }

    boolean hasRoom(InetAddress address) {
        return address.isLoopbackAddress()
                || exempt.test(address)
                || counts.getOrDefault(AddressNetwork.of(address), 0) < most;
    }

    void add(InetAddress address) {
        counts.merge(AddressNetwork.of(address), 1, Integer::sum);
    }

    void remove(InetAddress address) {
        counts.computeIfPresent(AddressNetwork.of(address), (same, count) -> count == 1 ? null : count - 1);
    }
}
