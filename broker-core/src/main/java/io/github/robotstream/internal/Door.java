package io.github.robotstream.internal;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who may come to the door.
 *
 * @param hosts names of this robot beside the usual ones, in lower case
 * @param origins the pages that may connect, in lower case; empty if none are named
 * @param trustedProxies whose word on where a client is counts
 */
public record Door(Set<String> hosts, Set<String> origins, Predicate<InetAddress> trustedProxies) {
    public Door {
        hosts = Set.copyOf(hosts);
        origins = Set.copyOf(origins);
    }
}
