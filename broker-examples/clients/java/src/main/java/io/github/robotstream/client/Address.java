package io.github.robotstream.client;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The addresses that a client takes. All client packages take and refuse the same ones: {@code conformance/addresses.json}. */
final class Address {
    private static final Pattern FORM = Pattern.compile("(?is)(ws|http)(s?)://([^/?#]+)([^?#]*)(?:\\?([^#]*))?(#.*)?");
    private static final int MOST_PORT = 65_535;

    private Address() {}

    /**
     * The address that a client connects to: {@code ws} for {@code http}, the path {@code /wss} where there is none, and the envelope style,
     * whatever the broker's own is.
     *
     * @throws IllegalArgumentException if the text is no such address; its query, which may hold a token, is not told
     */
    static URI of(String text) {
        String shown = text.replaceFirst("(?s)[?#].*", "");
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "the address has to begin with ws://HOST or wss://HOST, and \"" + shown + "\" does not");
        }
        if (parts.group(6) != null) {
            throw new IllegalArgumentException(
                    "the address " + shown + " has a fragment: remove it, and pass a token to token(...)");
        }
        String scheme = "ws" + parts.group(2).toLowerCase(Locale.ROOT);
        String path = parts.group(4).replaceFirst("/+$", "");
        URI address =
                create(scheme + "://" + parts.group(3) + (path.isEmpty() ? "/wss" : path) + query(parts.group(5)));
        if (address == null || address.getHost() == null || address.getPort() == 0 || address.getPort() > MOST_PORT) {
            throw new IllegalArgumentException("the host or the port of \"" + shown + "\" is none");
        }
        return address;
    }

    private static @Nullable URI create(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    private static String query(@Nullable String given) {
        String before = given == null || given.isEmpty() ? "" : given + "&";
        boolean hasStyle = Pattern.compile("(^|&)frame=").matcher(before).find();
        return "?" + (hasStyle ? given : before + "frame=envelope");
    }
}
