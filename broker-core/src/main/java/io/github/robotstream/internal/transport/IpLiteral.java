package io.github.robotstream.internal.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses as text: four numbers with dots, or IPv6 (RFC 4291 section 2.2) without brackets and zone. {@link InetAddress#getByName}
 * looks up what it does not understand, and the text may come from a client: so it is given only hexadecimal groups and colons, of which it
 * says itself whether they are an address.
 */
public final class IpLiteral {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String FOUR_BYTES = BYTE + "(\\." + BYTE + "){3}";
    private static final Pattern IPV4 = Pattern.compile(FOUR_BYTES);
    private static final Pattern LIKE_IPV6 =
            Pattern.compile("([0-9a-fA-F]{0,4}:){2,8}([0-9a-fA-F]{0,4}|" + FOUR_BYTES + ")");

    private IpLiteral() {}

    /** {@return the address; empty if the text is none} An IPv4 address in the form of IPv6 is the IPv4 address. */
    public static Optional<InetAddress> parse(String text) {
        if (!IPV4.matcher(text).matches() && !LIKE_IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }
}
