package io.github.robotstream;

import io.github.robotstream.internal.AddressBlocks;
import io.github.robotstream.internal.settings.Page;
import io.github.robotstream.internal.settings.RefusalStyle;
import io.github.robotstream.internal.settings.Settings;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Sets what the broker's port answers in HTTP, beside WebSockets, {@code /health} and {@code /metrics}, and from whom it takes requests. A value out of range
 * is an {@link IllegalArgumentException}. Not safe for use by several threads; a broker that has started is not changed.
 *
 * <pre>{@code
 * RobotStreamBroker.builder().http(http -> http
 *         .console()                                        // the page for people, at /
 *         .allowedOrigins("https://dashboard.example")
 *         .trustedProxies("127.0.0.1"));
 * }</pre>
 */
public final class HttpSettings {
    private static final int LARGEST_PAGE = 1 << 20;
    private static final Set<String> RESERVED = Set.of("/health", "/metrics");

    private final Settings settings;

    HttpSettings(Settings settings) {
        this.settings = settings;
    }

    /**
     * Refuses every client by an HTTP status before a WebSocket is opened: 401, 403, 429, 503. Unless this or {@link #refuseByCloseCode} is
     * set, requests with an {@code Origin} are refused by close code, since browsers hide statuses from their scripts, and others by status.
     */
    public HttpSettings refuseByStatus() {
        settings.refusalStyle = RefusalStyle.HTTP_STATUS;
        return this;
    }

    /**
     * Refuses every client that asks for a WebSocket in a proper way by the close code of one that is opened and closed at once: 4401, 4403,
     * 4429, 1013. Other requests get a status still.
     */
    public HttpSettings refuseByCloseCode() {
        settings.refusalStyle = RefusalStyle.CLOSE_CODE;
        return this;
    }

    /**
     * Serves a page to everybody who can reach the port, without a token, by GET and HEAD and with an ETag. Browsers let it use its own
     * scripts and styles and open WebSockets, and nothing else.
     *
     * @param path an absolute path, compared as a whole; not {@code /health} or {@code /metrics}
     * @param contentType for instance {@code text/html; charset=utf-8}
     * @param body at most 1 MiB; copied
     */
    public HttpSettings page(String path, String contentType, byte[] body) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
        if (!path.matches("/[A-Za-z0-9._~/-]{0,199}") || RESERVED.contains(path)) {
            throw new IllegalArgumentException(
                    "path is \"" + path
                            + "\": it has to begin with /, not to be /health or /metrics, and to consist of letters, digits and . _ ~ / - only");
        }
        if (!contentType.matches("[a-z0-9.+-]+/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?")) {
            throw new IllegalArgumentException(
                    "contentType is \"" + contentType + "\": it has to be like text/html; charset=utf-8");
        }
        if (body.length > LARGEST_PAGE) {
            throw new IllegalArgumentException("body has " + body.length + " bytes: it may have " + LARGEST_PAGE);
        }
        settings.pages.put(path, new Page(contentType, body));
        return this;
    }

    /**
     * Serves the page of this library at {@code /}, in the place of one that is set there: topics with their values, plots, pictures, the log, a
     * form to publish and a pad to drive. Everybody who can reach the port gets the page itself; what it shows and does is what the token
     * allows that is given to it, in the fragment of its address ({@code #token=…}) or by hand. It loads nothing from elsewhere.
     */
    public HttpSettings console() {
        settings.console = true;
        return this;
    }

    /**
     * Names which pages may connect from a browser; each call adds some. Unless set, any page where a token is needed; with anonymous
     * access only pages of the host that the client asked for, of {@code localhost} and of addresses in private networks. Clients that are
     * no browsers send no {@code Origin}, and are not asked for one.
     *
     * @param values origins like {@code https://dashboard.example:8443}, without a path; {@code null} for pages without one, such as files;
     *     {@code *} for all
     */
    public HttpSettings allowedOrigins(String... values) {
        Range.checkNoNull("values", values);
        for (String value : values) {
            if (!value.matches("[*]|null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#@\\s]+")) {
                throw new IllegalArgumentException("origin \"" + value
                        + "\": write it like https://dashboard.example:8443, without a path; null; or *");
            }
            settings.allowedOrigins.add(value.toLowerCase(Locale.ROOT));
        }
        return this;
    }

    /**
     * Names the robot's own hosts, as browsers are given them; each call adds some. {@code localhost}, IP addresses, and with anonymous access the address to
     * listen on are allowed without being named. Looked at for browsers only, and where a token is needed only if something is named here.
     *
     * @param values host names like {@code robot.local}, without a port; {@code *} for all
     */
    public HttpSettings allowedHosts(String... values) {
        Range.checkNoNull("values", values);
        for (String value : values) {
            if (!value.matches("[*]|[A-Za-z0-9._-]{1,253}")) {
                throw new IllegalArgumentException(
                        "host \"" + value + "\": write it like robot.local, without a port; or *");
            }
            settings.allowedHosts.add(value.toLowerCase(Locale.ROOT));
        }
        return this;
    }

    /**
     * Names the proxies whose {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239) is believed: a client is where the last hop is that
     * is none of them. That address is used in logs, for limits of an address, and by the verifier. Nobody is believed unless set.
     *
     * @param blocks addresses, or blocks of them like {@code 10.1.0.0/16} or {@code fd00::/8}; they replace what was set before
     */
    public HttpSettings trustedProxies(String... blocks) {
        Range.checkNoNull("blocks", blocks);
        settings.trustedProxies = AddressBlocks.of(blocks);
        return this;
    }
}
