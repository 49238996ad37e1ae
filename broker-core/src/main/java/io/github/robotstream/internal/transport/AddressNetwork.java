package io.github.robotstream.internal.transport;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The network by which an address is counted: an IPv4 address alone, and of an IPv6 address the first 64 bits, since one machine may
 * have all the addresses behind them (RFC 4291 section 2.5.4). An IPv4 address in the form of IPv6 (RFC 4291 section 2.5.5.2) is the
 * IPv4 address. Everything that is counted for an address is counted for this.
 *
 * @param prefix the 64 bits; IPv4 addresses stand behind 0000:ffff, with which no IPv6 network begins
 */
public record AddressNetwork(long prefix) {
    private static final long IPV4 = 0xffff_0000_0000L;

    public static AddressNetwork of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (bytes.remaining() == 4) {
            return ipv4(bytes.getInt());
        }
        long prefix = bytes.getLong();
        int next = bytes.getInt();
        return prefix == 0 && next == 0xffff ? ipv4(bytes.getInt()) : new AddressNetwork(prefix);
    }

    // Written out: to link those of a record takes ten milliseconds, of the first connection's.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressNetwork network && network.prefix == prefix;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(prefix);
    }

    private static AddressNetwork ipv4(int address) {
        return new AddressNetwork(IPV4 | Integer.toUnsignedLong(address));
    }
}
