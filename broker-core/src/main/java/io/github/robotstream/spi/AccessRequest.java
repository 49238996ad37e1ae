package io.github.robotstream.spi;

import io.github.robotstream.ClientPrincipal;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client came with to get in, or in an open session to stay in. Immutable; its {@code toString} does not hold the
 * token.
 *
 * <pre>{@code
 * TokenVerifier badges = request -> request.token()
 *         .filter("4711"::equals)
 *         .map(badge -> ClientPrincipal.of("the night watch", Permissions.none().subscribe("#")))
 *         .orElseThrow(() -> new TokenRejectedException(Reason.TOKEN_INVALID, "this badge is not known here"));
 * }</pre>
 */
public final class AccessRequest {
    private final Optional<String> token;
    private final InetSocketAddress remoteAddress;
    private final String path;
    private final Optional<String> origin;
    private final List<X509Certificate> certificates;
    private final Optional<ClientPrincipal> present;

    /**
     * A request to get in, without a client certificate.
     *
     * @param token the token as the client sent it, percent-decoded, or empty if it sent none
     * @param remoteAddress where it comes from
     * @param path the path of the request, without the query
     * @param origin the {@code Origin} header that browsers send (RFC 6454 section 7)
     */
    public AccessRequest(
            Optional<String> token, InetSocketAddress remoteAddress, String path, Optional<String> origin) {
        this(token, remoteAddress, path, origin, List.of(), Optional.empty());
    }

    private AccessRequest(
            Optional<String> token,
            InetSocketAddress remoteAddress,
            String path,
            Optional<String> origin,
            List<X509Certificate> certificates,
            Optional<ClientPrincipal> present) {
        this.token = Objects.requireNonNull(token, "token");
        this.remoteAddress = Objects.requireNonNull(remoteAddress, "remoteAddress");
        this.path = Objects.requireNonNull(path, "path");
        this.origin = Objects.requireNonNull(origin, "origin");
        this.certificates = List.copyOf(certificates);
        this.present = present;
    }

    /**
     * The request of the same client to stay in, with another token.
     *
     * @param newer the token that it sent in its session, or empty
     * @param principal who it is by the token it has
     * @return a new request
     */
    public AccessRequest renewal(Optional<String> newer, ClientPrincipal principal) {
        Objects.requireNonNull(newer, "newer");
        Objects.requireNonNull(principal, "principal");
        return new AccessRequest(newer, remoteAddress, path, origin, certificates, Optional.of(principal));
    }

    /**
     * This request with the certificates of the client's TLS connection.
     *
     * @param chain the client's own first, then that of the issuer of each; empty if it has shown none
     * @return a new request
     */
    public AccessRequest withCertificates(List<X509Certificate> chain) {
        Objects.requireNonNull(chain, "chain");
        return new AccessRequest(token, remoteAddress, path, origin, chain, present);
    }

    /** {@return the token, or empty if the client sent none. Do not log it} */
    public Optional<String> token() {
        return token;
    }

    /** {@return where the client comes from} */
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** {@return the path of the request, without the query: for instance {@code /wss}} */
    public String path() {
        return path;
    }

    /** {@return the page that the client's script comes from, as its browser says ({@code Origin} header), or empty} */
    public Optional<String> origin() {
        return origin;
    }

    /**
     * The certificates that the client has shown in its TLS connection (mutual TLS, RFC 8446 section 4.4.2), so that a token
     * can be bound to the one who holds the key, for instance by its thumbprint (RFC 8705 section 3). The broker's TLS has
     * checked them. A certificate that has expired since is not here any more; whoever binds a token to one should let the
     * principal end with it ({@link ClientPrincipal#expiringAt}). Whom the first names is its
     * {@code getSubjectX500Principal().getName()}, for instance {@code CN=operator-3,O=yard}.
     *
     * @return the client's own first, then the chain as it sent it; empty without mutual TLS, if it has shown none, or if its
     *     own has expired. Immutable
     */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /**
     * Who the client is already, where it is in and sends a newer token to stay. The broker takes that only from the same
     * subject, whatever the verifier says.
     *
     * @return the principal of its session, or empty if the client wants to get in
     */
    public Optional<ClientPrincipal> present() {
        return present;
    }

    @Override
    public String toString() {
        return "AccessRequest[" + path + " from " + remoteAddress + (token.isPresent() ? ", with" : ", without")
                + " token"
                + (certificates.isEmpty()
                        ? ""
                        : ", as "
                                + certificates.get(0).getSubjectX500Principal().getName()) + "]";
    }
}
