package io.github.robotstream.internal.access;

import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.IpLiteral;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which pages may connect. A browser tells with {@code Origin} (RFC 6454) which page its script is of, and with {@code Host}
 * which name of the robot it was given; scripts can change neither. Who sends no {@code Origin} is no browser and could write
 * what it likes: nothing of this applies to it. Where clients get in without a token ({@code anonymous}), the page of a stranger
 * that somebody in the robot's network happens to look at would get in as well, and so would one whose name was made to mean the
 * robot's address: then {@code hosts} are the names that count, beside {@code localhost}, {@code ownHost} and addresses. Without
 * {@code origins}, any page may connect where a token is needed, and else those of the host that is asked for, of this computer,
 * and of private networks.
 */
public record OriginRules(boolean anonymous, String ownHost, Set<String> hosts, Set<String> origins) {
    private static final String ANY = "*";
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+\\]|[^:/@\\[\\]]+)(?::[0-9]{1,5})?");
    private static final Pattern TELLABLE = Pattern.compile("[a-z0-9.:/\\[\\]-]{1,60}");
    private static final String LOCALHOST = "localhost";

    public OriginRules {
        hosts = Set.copyOf(hosts);
        origins = Set.copyOf(origins);
    }

    /** What speaks against a request, as a reason for the client. */
    Optional<String> objection(HandshakeRequest request) {
        Optional<String> given = request.header("origin");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String origin = given.get().toLowerCase(Locale.ROOT);
        String asked = request.header("host").orElse("").toLowerCase(Locale.ROOT);
        String host = hostOf(asked);
        if ((anonymous || !hosts.isEmpty()) && !isOurs(host)) {
            return Optional.of("forbidden: host " + told(asked) + " is not in allowedHosts");
        }
        return isWelcome(origin, host)
                ? Optional.empty()
                : Optional.of("forbidden: origin " + told(origin) + " is not in allowedOrigins");
    }

    private boolean isOurs(String host) {
        return hosts.contains(ANY)
                || hosts.contains(host)
                || host.equals(ownHost)
                || host.equals(LOCALHOST)
                || IpLiteral.parse(host).isPresent();
    }

    private boolean isWelcome(String origin, String host) {
        if (!origins.isEmpty()) {
            return origins.contains(ANY) || origins.contains(origin);
        }
        if (!anonymous) {
            return true;
        }
        int slashes = origin.indexOf("://");
        String page = slashes < 0 ? "" : hostOf(origin.substring(slashes + 3));
        return !page.isEmpty()
                && (page.equals(host)
                        || page.equals(LOCALHOST)
                        || IpLiteral.parse(page).filter(OriginRules::isPrivate).isPresent());
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc; // RFC 4193
        return uniqueLocal
                || address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress();
    }

    /** Without port and brackets; empty if it is none. */
    private static String hostOf(String hostAndPort) {
        Matcher matcher = HOST.matcher(hostAndPort);
        if (!matcher.matches()) {
            return "";
        }
        String host = matcher.group(1);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String told(String value) {
        return TELLABLE.matcher(value).matches() ? value : "(not shown)";
    }
}
