package io.github.robotstream;

import io.github.robotstream.internal.transport.tls.TlsSource;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Key and certificate of the robot in files, for TLS 1.3 and 1.2. The files are read when the broker starts, and looked at every few
 * seconds: when they change, connections that open from then on get the new ones. A new file that cannot be used is logged, and the old one
 * stays in force. Immutable.
 */
public final class TlsSettings {
    private final TlsSource source;
    private final Optional<Permissions> permissions;

    private TlsSettings(TlsSource source, Optional<Permissions> permissions) {
        this.source = source;
        this.permissions = permissions;
    }

    /**
     * PEM files, as certificate authorities and openssl make them.
     *
     * @param certificates the robot's certificate first, then that of the issuer of each
     * @param key the private key, RSA, EC or Ed25519: PKCS#8 without password ({@code -----BEGIN PRIVATE KEY-----})
     * @return the settings
     */
    public static TlsSettings pem(Path certificates, Path key) {
        return new TlsSettings(
                TlsSource.pem(Objects.requireNonNull(certificates), Objects.requireNonNull(key)), Optional.empty());
    }

    /**
     * A PKCS#12 file, as the JDK's keytool makes it.
     *
     * @param file holds one key with its certificates
     * @param password of the file and of the key; copied
     * @return the settings
     */
    public static TlsSettings pkcs12(Path file, char[] password) {
        return new TlsSettings(TlsSource.pkcs12(Objects.requireNonNull(file), password.clone()), Optional.empty());
    }

    /**
     * Asks clients for a certificate (mutual TLS). One that has a valid certificate and no token is let in by the name of its subject, until
     * the certificate expires; from a web page only if the page comes from the robot itself. One without a certificate still needs a token;
     * one with a certificate that is not trusted is refused.
     *
     * @param trustedIssuers certificates in PEM; who has one that they signed gets in
     * @param whatTheyMay the rights of clients that come with a certificate
     * @return settings like these that ask for certificates
     */
    public TlsSettings clientCertificates(Path trustedIssuers, Permissions whatTheyMay) {
        return new TlsSettings(
                source.trusting(Objects.requireNonNull(trustedIssuers)),
                Optional.of(Objects.requireNonNull(whatTheyMay)));
    }

    TlsSource source() {
        return source;
    }

    Optional<Permissions> permissions() {
        return permissions;
    }

    /** Names the files. */
    @Override
    public String toString() {
        return "TlsSettings" + source.files();
    }
}
