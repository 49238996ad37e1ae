package io.github.robotstream.internal.transport.gate;

import io.github.robotstream.internal.transport.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The address of a client behind a proxy: the last hop of {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239) that is not a trusted
 * proxy. Earlier hops may have been written by the client, and are ignored. Lists are cut at every comma, quoted or not, so that an open
 * quote of the client cannot swallow what a proxy adds behind it.
 */
public final class ClientAddress {
    private final Predicate<InetAddress> trusted;
    private final InetSocketAddress peer;

    private ClientAddress(Predicate<InetAddress> trusted, InetSocketAddress peer) {
        this.trusted = trusted;
        this.peer = peer;
    }

    /**
     * Reads the hops of a request.
     *
     * @param peer the other end of the socket; its headers count only if it is trusted
     * @return the client's address, with port 0 if the proxy gives none; the last known proxy if that gives no address
     * @throws BadRequestException if the two headers name different clients: one of them is not the proxy's, and it is not known which
     */
    public static InetSocketAddress of(RequestHead head, InetSocketAddress peer, Predicate<InetAddress> trusted)
            throws BadRequestException {
        if (!trusted.test(peer.getAddress())) {
            return peer;
        }
        ClientAddress reader = new ClientAddress(trusted, peer);
        InetSocketAddress ofList = reader.lastUntrusted(head.header("x-forwarded-for"), Function.identity());
        InetSocketAddress ofPairs = reader.lastUntrusted(head.header("forwarded"), ClientAddress::forPart);
        if (!head.headers().containsKey("forwarded")) {
            return ofList;
        }
        if (head.headers().containsKey("x-forwarded-for")
                && !ofList.getAddress().equals(ofPairs.getAddress())) {
            throw new BadRequestException(
                    "Forwarded and X-Forwarded-For do not name the same client: let the proxy drop the one it does not write");
        }
        return ofPairs;
    }

    private InetSocketAddress lastUntrusted(String list, Function<String, String> node) {
        String[] hops = list.split(",", -1);
        InetSocketAddress last = peer;
        for (int i = hops.length - 1; i >= 0; i--) {
            Optional<InetSocketAddress> hop = address(unquoted(node.apply(hops[i].trim())));
            if (hop.isEmpty()) {
                return last;
            }
            last = hop.get();
            if (!trusted.test(last.getAddress())) {
                return last;
            }
        }
        return last;
    }

    /** The value of the one {@code for=}; empty if there is none or more than one. */
    private static String forPart(String element) {
        String found = "";
        for (String pair : element.split(";", -1)) {
            String trimmed = pair.trim();
            if (trimmed.toLowerCase(Locale.ROOT).startsWith("for=")) {
                if (!found.isEmpty()) {
                    return "";
                }
                found = trimmed.substring(4);
            }
        }
        return found;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** An address with or without port; IPv6 in brackets, or bare without a port. */
    private static Optional<InetSocketAddress> address(String node) {
        int end = node.startsWith("[") ? node.indexOf(']') : node.indexOf(':');
        if (node.startsWith("[")) {
            return end < 0 ? Optional.empty() : address(node.substring(1, end), node.substring(end + 1));
        }
        boolean oneColon = end >= 0 && end == node.lastIndexOf(':');
        return oneColon ? address(node.substring(0, end), node.substring(end)) : address(node, "");
    }

    private static Optional<InetSocketAddress> address(String host, String portPart) {
        if (!portPart.matches("|:[0-9]{1,5}|:_[A-Za-z0-9._-]+")) {
            return Optional.empty();
        }
        int port = portPart.matches(":[0-9]+") ? Integer.parseInt(portPart.substring(1)) : 0;
        return port > 65_535
                ? Optional.empty()
                : IpLiteral.parse(host).map(address -> new InetSocketAddress(address, port));
    }
}
