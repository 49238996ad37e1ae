package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import io.github.robotstream.spi.TokenVerifier;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lets clients in by the certificate that TLS has checked, as the certificate's subject and until it expires. Any thread. */
public final class CertificateAccess {
    /** The verifier of a broker that takes no tokens. */
    public static final TokenVerifier ONLY = new TokenVerifier() {
        @Override
        public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
            throw new TokenRejectedException(
                    Reason.TOKEN_MISSING, "come with a client certificate, and without a token");
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    };

    private final Permissions permissions;

    CertificateAccess(Permissions permissions) {
        this.permissions = permissions;
    }

    /** Whether the certificate decides: there is one, and no token. */
    static boolean decidesOn(HandshakeRequest request, AccessRequest access) {
        return access.token().isEmpty() && !request.peerCertificates().isEmpty();
    }

    /**
     * None if the client's own one, the first, is over: a connection, and a TLS session that is resumed, may be older than the end of the
     * certificate that it began with.
     */
    static List<X509Certificate> inForce(List<X509Certificate> certificates, Instant now) {
        boolean isOver = !certificates.isEmpty() && !now.isBefore(end(certificates.get(0)));
        return isOver ? List.of() : certificates;
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    /** A browser sends a certificate whatever page its script is from, so only the robot's own pages may use it. */
    ClientPrincipal principal(HandshakeRequest request) throws TokenRejectedException {
        Optional<String> origin = request.header("origin");
        String own = "https://" + request.header("host").orElse("");
        if (origin.isPresent() && !origin.get().toLowerCase(Locale.ROOT).equals(own.toLowerCase(Locale.ROOT))) {
            throw new TokenRejectedException(Reason.TOKEN_MISSING, "a page of another origin needs a token");
        }
        X509Certificate certificate = request.peerCertificates().get(0);
        try {
            return ClientPrincipal.of(certificate.getSubjectX500Principal().getName(), permissions)
                    .expiringAt(end(certificate));
        } catch (IllegalArgumentException noName) {
            throw new TokenRejectedException(
                    Reason.TOKEN_INVALID, "the certificate's subject cannot be used: " + noName.getMessage());
        }
    }
}
