package io.github.robotstream;

import io.github.robotstream.internal.transport.tls.KeyFiles;
import io.github.robotstream.internal.transport.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key and certificate of the robot in files, for TLS 1.3 and 1.2. The files are read when the broker starts, and looked at every few
 * seconds: when they change, connections that open from then on get the new ones. A new file that cannot be used is logged, and the old one
 * stays in force. Immutable.
 */
public final class TlsSettings {
    final TlsFiles files;
    final @Nullable Permissions certificates; // null if clients are not asked for one

    private TlsSettings(TlsFiles files, @Nullable Permissions certificates) {
        this.files = files;
        this.certificates = certificates;
    }

    /**
     * PEM files, as certificate authorities and openssl make them.
     *
     * @param certificates the robot's certificate first, then that of the issuer of each
     * @param key the private key, RSA, EC or Ed25519: PKCS#8 without password ({@code -----BEGIN PRIVATE KEY-----})
     */
    public static TlsSettings pem(Path certificates, Path key) {
        KeyFiles both = KeyFiles.pem(Objects.requireNonNull(certificates), Objects.requireNonNull(key));
        return new TlsSettings(new TlsFiles(both, Optional.empty()), null);
    }

    /**
     * A PKCS#12 file with one key and its certificates, as the JDK's keytool makes it.
     *
     * @param password of the file and of the key; copied
     */
    public static TlsSettings pkcs12(Path file, char[] password) {
        KeyFiles one = KeyFiles.pkcs12(Objects.requireNonNull(file), password.clone());
        return new TlsSettings(new TlsFiles(one, Optional.empty()), null);
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
        TlsFiles asking = new TlsFiles(files.key(), Optional.of(trustedIssuers));
        return new TlsSettings(asking, Objects.requireNonNull(whatTheyMay));
    }

    /** Names the files. */
    @Override
    public String toString() {
        return "TlsSettings" + files.files();
    }
}
