package io.github.robotstream.jwt;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Where an identity provider has its key set. Its {@link #toString()} leaves out the query, which may hold a secret. */
record KeySetAddress(URI uri) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * An address.
     *
     * @param plainHttp whether one of {@code http} is taken that is not this machine's own
     * @throws IllegalArgumentException if keys may not come from there; the message holds no secret
     */
    static KeySetAddress of(URI uri, boolean plainHttp) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("key set address has the scheme " + scheme + ": it has to be https");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("key set address has no host: write https://host/path");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("key set address has a user or password, which would get into logs");
        }
        KeySetAddress address = new KeySetAddress(uri);
        if (scheme.equals("http") && !plainHttp && !LOOPBACK.contains(uri.getHost())) {
            throw new IllegalArgumentException(address
                    + " is not https: whoever is on the way could hand the robot keys of his own. Use https, or deliberately"
                    + " keySetUrlOverPlainHttp(...)");
        }
        return address;
    }

    @Override
    public String toString() {
        return "key set " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
