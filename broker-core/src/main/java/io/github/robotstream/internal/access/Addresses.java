package io.github.robotstream.internal.access;

import java.net.InetSocketAddress;

/** Addresses of clients as they stand in logs: numbers, never a name that would have to be looked up. */
public final class Addresses {
    private Addresses() {}

    public static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }

    public static String hostAndPort(InetSocketAddress address) {
        String host = host(address);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
