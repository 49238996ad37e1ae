package io.github.robotstream.internal.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses as text: four numbers with dots, or IPv6 (RFC 4291 section 2.2) without brackets and zone. Never asks a name server. */
public final class IpLiteral {
    private static final Pattern IPV4 = Pattern.compile(
            "(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9a-fA-F:.]{2,45}");

    private IpLiteral() {}

    /** The address; empty if the text is none. An IPv4 address in the form of IPv6 is the IPv4 address. */
    public static Optional<InetAddress> parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text)); // which parses such a text, and asks nobody
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }
}
