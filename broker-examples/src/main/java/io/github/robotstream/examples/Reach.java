package io.github.robotstream.examples;

import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * By which hosts clients reach a broker. Through TLS these are the names and addresses that its certificate is for, as
 * clients refuse all others.
 *
 * @param host what it listens on
 */
record Reach(String host, Optional<CertificateFile> certificate) {
    private static final List<String> ANY = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final int MOST_ADDRESSES = 4;

    /** Those that lead here from this machine first. None if the certificate is for no such host. */
    List<String> hosts() {
        if (certificate.isPresent()) {
            return named(certificate.get().hosts());
        }
        return everywhere() ? Stream.concat(here().limit(1), elsewhere()).toList() : List.of(host);
    }

    /** What to do if there are none. */
    String complaint() {
        CertificateFile file = certificate.orElseThrow();
        return file.path() + " is for "
                + file.hosts().stream().map(Reach::shortened).toList() + ", not for " + host
                + ": clients will refuse it. Serve one for " + host + " (robotstream-demo certificate " + host + ")";
    }

    private boolean everywhere() {
        return ANY.contains(host);
    }

    private List<String> named(List<String> names) {
        Set<String> fitting = new LinkedHashSet<>();
        here().filter(way -> names.stream().anyMatch(name -> isSame(name, way))).forEach(fitting::add);
        if (everywhere()) {
            names.stream()
                    .filter(name -> !name.startsWith("*"))
                    .map(Reach::shortened)
                    .forEach(fitting::add);
        }
        return List.copyOf(fitting);
    }

    private Stream<String> here() {
        return switch (host) {
            case "0.0.0.0" -> Stream.of("127.0.0.1", "localhost");
            case "127.0.0.1", "::1" -> Stream.of(host, "localhost");
            case "localhost" -> Stream.of(host, "127.0.0.1");
            default -> everywhere() ? Stream.of("::1", "127.0.0.1", "localhost") : Stream.of(host);
        };
    }

    private Stream<String> elsewhere() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(card -> card.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress)
                    .filter(address -> !(address.isLoopbackAddress() || address.isLinkLocalAddress()))
                    .filter(address -> !(host.equals("0.0.0.0") && address instanceof Inet6Address))
                    .map(Reach::text)
                    .limit(MOST_ADDRESSES);
        } catch (SocketException unknown) {
            return Stream.empty(); // the way from this machine is told all the same
        }
    }

    private static boolean isSame(String name, String way) {
        if (isAddress(name) && isAddress(way)) {
            return address(name).equals(address(way));
        }
        return name.toLowerCase(Locale.ROOT).equals(way.toLowerCase(Locale.ROOT));
    }

    private static String shortened(String name) {
        return isAddress(name) ? text(address(name)) : name;
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("[0-9.]+");
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("a certificate names the address " + literal, e);
        }
    }

    /** Without zone, and ::1 in place of the JDK's seven zeroes. */
    private static String text(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return text.replaceFirst("(^|:)0(:0)+(:|$)", "::");
    }
}
