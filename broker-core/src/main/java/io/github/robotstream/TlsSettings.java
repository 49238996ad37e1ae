package io.github.robotstream;

import io.github.robotstream.internal.transport.tls.TlsSource;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Key and certificate of the robot in files, for TLS 1.3 and 1.2. The files are read when the broker starts, and looked at every few
 * seconds: when they change, connections that open from then on get the new ones. A new file that cannot be used is logged, and the old one
 * stays in force. Immutable.
 *
 * <pre>{@code
 * RobotStreamBroker.builder().tls(TlsSettings.pem(Path.of("certificate.pem"), Path.of("key.pem"))
 *         .clientCertificates(Path.of("issuers.pem"), Permissions.none().subscribe("#")));
 * }</pre>
 */
public final class TlsSettings {
    final TlsSource source;
    final @Nullable Permissions certificates; // null if clients are not asked for one

    private TlsSettings(TlsSource source, @Nullable Permissions certificates) {
        this.source = source;
        this.certificates = certificates;
    }

    /**
     * PEM files, as certificate authorities and openssl make them.
     *
     * @param certificates the robot's certificate first, then that of the issuer of each
     * @param key the private key, RSA, EC or Ed25519: PKCS#8 without password ({@code -----BEGIN PRIVATE KEY-----})
     */
    public static TlsSettings pem(Path certificates, Path key) {
        return new TlsSettings(
                TlsSource.pem(Objects.requireNonNull(certificates, "certificates"), Objects.requireNonNull(key, "key")),
                null);
    }

    /**
     * A PKCS#12 file with one key and its certificates, as the JDK's keytool makes it.
     *
     * @param password of the file and of the key; copied
     */
    public static TlsSettings pkcs12(Path file, char[] password) {
        return new TlsSettings(
                TlsSource.pkcs12(
                        Objects.requireNonNull(file, "file"),
                        Objects.requireNonNull(password, "password").clone()),
                null);
    }

    /**
     * Settings like these that ask clients for a certificate (mutual TLS). One that has a valid certificate and no token is let in by the
     * name of its subject, until the certificate expires; from a web page only if the page comes from the robot itself. One without a
     * certificate still needs a token; one with a certificate that is not trusted is refused.
     *
     * @param trustedIssuers certificates in PEM; who has one that they signed gets in
     * @param whatTheyMay the rights of clients that come with a certificate
     */
    public TlsSettings clientCertificates(Path trustedIssuers, Permissions whatTheyMay) {
        return new TlsSettings(
                source.trusting(Objects.requireNonNull(trustedIssuers, "trustedIssuers")),
                Objects.requireNonNull(whatTheyMay, "whatTheyMay"));
    }

    /** Names the files. */
    @Override
    public String toString() {
        return "TlsSettings" + source.files();
    }
}
