package io.github.robotstream.examples;

import io.github.robotstream.TlsSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a broker that is set up from the command line serves wss. */
final class TlsOptions {
    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            converter = CertificateFile.FromFile.class,
            description = "Serves wss with this certificate (PEM, those of its issuers behind it); needs --tls-key.")
    private @Nullable CertificateFile certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The certificate's key (PEM, PKCS#8). Both files may change while the broker runs.")
    private @Nullable Path key;

    /** What is served, if TLS is. */
    Optional<CertificateFile> certificate() {
        return Optional.ofNullable(certificate);
    }

    /**
     * The broker's settings, empty without TLS.
     *
     * @throws IllegalArgumentException if the options do not fit together, or the certificate has expired
     */
    Optional<TlsSettings> settings() {
        if (certificate == null && key == null) {
            return Optional.empty();
        }
        if (certificate == null || key == null) {
            throw wrong("--tls-certificate and --tls-key belong together: give both of them, or none");
        }
        Instant now = Clock.systemUTC().instant();
        Instant end = certificate.own().getNotAfter().toInstant();
        if (end.isBefore(now)) {
            throw wrong(certificate.path() + " has expired at " + end
                    + ", so that clients would refuse it: make another"
                    + " one (robotstream-demo certificate), or set the clock of this machine, which says " + now);
        }
        return Optional.of(TlsSettings.pem(certificate.path(), key));
    }

    private static IllegalArgumentException wrong(String message) {
        return new IllegalArgumentException(message);
    }
}
