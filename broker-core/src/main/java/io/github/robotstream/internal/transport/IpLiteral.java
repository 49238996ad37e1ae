package io.github.robotstream.internal.transport;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses as text: four numbers with dots, or IPv6 (RFC 4291 section 2.2) without brackets and zone. Read here to the last character:
 * {@link InetAddress#getByName} looks up what it does not understand, and the text may be a stranger's.
 */
public final class IpLiteral {
    private static final int IPV6_BYTES = 16;
    private static final int LONGEST = 45; // six groups and an IPv4 address
    private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    private IpLiteral() {}

    /** The address; empty if the text is none. An IPv4 address in the form of IPv6 is the IPv4 address. */
    public static Optional<InetAddress> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        return (text.indexOf(':') < 0 ? ipv4(text) : ipv6(text)).map(IpLiteral::address);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    private static Optional<byte[]> ipv4(String text) {
        String[] numbers = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (numbers.length != bytes.length) {
            return Optional.empty();
        }
        for (int i = 0; i < bytes.length; i++) {
            if (!BYTE.matcher(numbers[i]).matches()) {
                return Optional.empty();
            }
            bytes[i] = (byte) Integer.parseInt(numbers[i]);
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true).filter(bytes -> bytes.length == IPV6_BYTES);
        }
        Optional<byte[]> before = groups(text.substring(0, gap), false);
        Optional<byte[]> after = groups(text.substring(gap + 2), true);
        return before.flatMap(first -> after.flatMap(last -> withZeroesBetween(first, last)));
    }

    /** The gap stands for one group at least. */
    private static Optional<byte[]> withZeroesBetween(byte[] first, byte[] last) {
        if (first.length + last.length > IPV6_BYTES - 2) {
            return Optional.empty();
        }
        byte[] all = new byte[IPV6_BYTES];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(last, 0, all, all.length - last.length, last.length);
        return Optional.of(all);
    }

    /** Groups of 16 bits between colons; the last two may be written as an IPv4 address, at the end of the text. */
    private static Optional<byte[]> groups(String text, boolean atTheEnd) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(IPV6_BYTES);
        String[] groups = text.isEmpty() ? new String[0] : text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            if (GROUP.matcher(groups[i]).matches()) {
                int group = Integer.parseInt(groups[i], 16);
                bytes.write(group >> 8);
                bytes.write(group);
            } else {
                Optional<byte[]> ipv4 = atTheEnd && i == groups.length - 1 ? ipv4(groups[i]) : Optional.empty();
                if (ipv4.isEmpty()) {
                    return Optional.empty();
                }
                bytes.writeBytes(ipv4.get());
            }
        }
        return Optional.of(bytes.toByteArray());
    }
}
