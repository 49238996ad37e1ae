package io.github.robotstream;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the broker's port answers in HTTP, beside WebSockets and {@code /health}. Not safe for use by several threads; the broker takes a
 * copy when it starts.
 */
public final class HttpSettings {
    private static final int LARGEST_PAGE = 1 << 20;

    private final Map<String, Map.Entry<String, byte[]>> pages = new HashMap<>();
    private RefusalStyle refusalStyle = RefusalStyle.FITTING;

    HttpSettings() {}

    /**
     * How clients are told that they do not get in; {@link RefusalStyle#FITTING} unless set.
     *
     * @param value the style
     * @return this
     */
    public HttpSettings refusalStyle(RefusalStyle value) {
        refusalStyle = Objects.requireNonNull(value, "refusalStyle");
        return this;
    }

    /**
     * Serves a page to everybody who can reach the port, without a token, by GET and HEAD and with an ETag. Browsers let it use its own
     * scripts and styles and open WebSockets, and nothing else.
     *
     * @param path an absolute path, compared as a whole; not {@code /health}
     * @param contentType for instance {@code text/html; charset=utf-8}
     * @param body at most 1 MiB; copied
     * @return this
     * @throws IllegalArgumentException if a value is out of range
     */
    public HttpSettings page(String path, String contentType, byte[] body) {
        if (!path.matches("/[A-Za-z0-9._~/-]{0,199}") || path.equals("/health")) {
            throw new IllegalArgumentException(
                    "path is \"" + path
                            + "\": it has to begin with /, not to be /health, and to consist of letters, digits and . _ ~ / - only");
        }
        if (!contentType.matches("[a-z0-9.+-]+/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?")) {
            throw new IllegalArgumentException(
                    "contentType is \"" + contentType + "\": it has to be like text/html; charset=utf-8");
        }
        if (body.length > LARGEST_PAGE) {
            throw new IllegalArgumentException("body has " + body.length + " bytes: it may have " + LARGEST_PAGE);
        }
        pages.put(path, Map.entry(contentType, body.clone()));
        return this;
    }

    RefusalStyle refusalStyle() {
        return refusalStyle;
    }

    /** Types and bodies by path. */
    Map<String, Map.Entry<String, byte[]>> pages() {
        return Map.copyOf(pages);
    }
}
