package io.github.robotstream;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who a client is and what it may do, as a {@link io.github.robotstream.spi.TokenVerifier} found it. Holds no secret.
 * Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * ClientPrincipal operator = ClientPrincipal.of("operator-3", Permissions.none().subscribe("pose"))
 *         .expiringAt(Instant.now().plus(Duration.ofHours(1)))
 *         .withAttributes(Map.of("shift", "night"));
 * }</pre>
 */
public final class ClientPrincipal {
    /** The longest name, in characters: as long as OpenID Connect Core section 2 allows a subject to be. */
    static final int MAX_NAME_CHARACTERS = 255;

    private final String name;
    private final Permissions permissions;
    private final Optional<Instant> expiresAt;
    private final Map<String, String> attributes;
    private final Optional<RequestRate> requestRate;

    private ClientPrincipal(
            String name,
            Permissions permissions,
            Optional<Instant> expiresAt,
            Map<String, String> attributes,
            Optional<RequestRate> requestRate) {
        this.name = name;
        this.permissions = permissions;
        this.expiresAt = expiresAt;
        this.attributes = attributes;
        this.requestRate = requestRate;
    }

    /**
     * A principal that never expires and has no attributes.
     *
     * @param name who it is, for logs and other clients: 1 to 255 characters, not all blank, no control characters
     * @param permissions what it may do
     * @return the principal
     * @throws IllegalArgumentException if the name is not such a one; the message does not quote it
     */
    public static ClientPrincipal of(String name, Permissions permissions) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(permissions, "permissions");
        if (name.isBlank()) {
            throw new IllegalArgumentException("principal name is blank: logs need to say who a client was");
        }
        if (name.length() > MAX_NAME_CHARACTERS) {
            throw new IllegalArgumentException("principal name has " + name.length() + " characters: "
                    + MAX_NAME_CHARACTERS + " is the most, since it goes into logs and frames");
        }
        if (name.codePoints().anyMatch(ClientPrincipal::isUnprintable)) {
            throw new IllegalArgumentException(
                    "principal name has a control character, a line break or half of a surrogate pair: leave it out");
        }
        return new ClientPrincipal(name, permissions, Optional.empty(), Map.of(), Optional.empty());
    }

    /** Tells whether a character would let a name break a line of a log, or cannot be written as UTF-8. */
    private static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> false;
        };
    }

    /**
     * This principal with an end: the broker closes its session with 4401 then.
     *
     * @param end the first instant at which it is no longer valid, skew included
     * @return a new principal
     */
    public ClientPrincipal expiringAt(Instant end) {
        Objects.requireNonNull(end, "end");
        return new ClientPrincipal(name, permissions, Optional.of(end), attributes, requestRate);
    }

    /**
     * This principal with attributes of the verifier's choice, for instance claims that robot code wants to see.
     *
     * @param values names and values; they replace present ones
     * @return a new principal
     */
    public ClientPrincipal withAttributes(Map<String, String> values) {
        Objects.requireNonNull(values, "values");
        return new ClientPrincipal(name, permissions, expiresAt, Map.copyOf(values), requestRate);
    }

    /**
     * This principal with a rate of its own instead of the broker's limit.
     *
     * @param rate how fast it may ask
     * @return a new principal
     */
    public ClientPrincipal withRequestRate(RequestRate rate) {
        Objects.requireNonNull(rate, "rate");
        return new ClientPrincipal(name, permissions, expiresAt, attributes, Optional.of(rate));
    }

    /** {@return who it is: for a JWT, its subject} */
    public String name() {
        return name;
    }

    /** {@return what it may do} */
    public Permissions permissions() {
        return permissions;
    }

    /** {@return the first instant at which it is no longer valid, or empty if it has no end} */
    public Optional<Instant> expiresAt() {
        return expiresAt;
    }

    /** {@return names and values of what the verifier wants robot code to know beside that, see {@link Sender} and
     * {@link SessionSnapshot}} */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * Which token it came with, so that it can be denied: the attribute {@code jti}, which {@code JwtTokenVerifier} sets to the
     * claim of that name (RFC 7519 section 4.1.7).
     *
     * @return the token's id, or empty if it has none
     */
    public Optional<String> tokenId() {
        return Optional.ofNullable(attributes.get("jti"));
    }

    /** {@return how fast it may ask, or empty if the broker's limit is for it too} */
    public Optional<RequestRate> requestRate() {
        return requestRate;
    }

    @Override
    public String toString() {
        return "ClientPrincipal[" + name + ", " + permissions
                + expiresAt.map(end -> ", until " + end).orElse("") + "]";
    }
}
