package io.github.robotstream.internal.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** How many sockets each address has open; the robot's own computer may have any number. Not thread-safe. */
final class AddressCounts {
    private final int most;
    private final Map<InetAddress, Integer> counts = new HashMap<>();

    AddressCounts(int most) {
        this.most = most;
    }

    boolean hasRoom(InetAddress address) {
        return address.isLoopbackAddress() || counts.getOrDefault(address, 0) < most;
    }

    void add(InetAddress address) {
        counts.merge(address, 1, Integer::sum);
    }

    void remove(InetAddress address) {
        counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
}
