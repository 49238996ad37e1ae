package io.github.robotstream.internal.session;

import java.net.InetSocketAddress;

/** Addresses of clients as they stand in logs: numbers, never a name that would have to be looked up. */
final class Addresses {
    private Addresses() {}

    static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }

    static String hostAndPort(InetSocketAddress address) {
        String host = host(address);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
