package io.github.robotstream.internal.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where the robot's key and certificate come from, and how clients' certificates are checked. Errors name the file and never show what is
 * in it. Immutable.
 */
public final class TlsSource {
    private static final char[] NO_PASSWORD = {};

    private final Loader loader;
    private final List<Path> keyFiles;
    private final Optional<Path> trusted;

    private interface Loader {
        SSLContext load(Optional<Path> trusted) throws IOException;
    }

    private TlsSource(Loader loader, List<Path> keyFiles, Optional<Path> trusted) {
        this.loader = loader;
        this.keyFiles = keyFiles;
        this.trusted = trusted;
    }

    /**
     * A context that the application has made.
     *
     * @throws IllegalArgumentException if it was not initialised
     */
    public static TlsSource of(SSLContext context) {
        SSLContext usable = checked(context);
        return new TlsSource(trusted -> usable, List.of(), Optional.empty());
    }

    /**
     * PEM files.
     *
     * @param certificates the robot's own first, then those of its issuers
     * @param key PKCS#8 without password
     */
    public static TlsSource pem(Path certificates, Path key) {
        return new TlsSource(
                trusted -> context(pemStore(certificates, key), NO_PASSWORD, trusted, certificates),
                List.of(certificates, key),
                Optional.empty());
    }

    /** A PKCS#12 file, and the password of it and of the key in it. */
    public static TlsSource pkcs12(Path file, char[] password) {
        return new TlsSource(
                trusted -> context(pkcs12Store(file, password), password, trusted, file),
                List.of(file),
                Optional.empty());
    }

    /** The same, and clients are asked for a certificate, which one of these issuers (PEM) has to have signed. */
    public TlsSource trusting(Path issuers) {
        return new TlsSource(loader, keyFiles, Optional.of(issuers));
    }

    /**
     * Reads the files; blocks.
     *
     * @throws IOException that names the file and says what to do
     */
    public SSLContext load() throws IOException {
        return loader.load(trusted);
    }

    /** The files that {@link #load} reads. */
    public List<Path> files() {
        return Stream.concat(keyFiles.stream(), trusted.stream()).toList();
    }

    /** Whether clients are asked for a certificate. */
    boolean asksClients() {
        return trusted.isPresent();
    }

    /**
     * The same context, if it can be used.
     *
     * @throws IllegalArgumentException if it was not initialised
     */
    static SSLContext checked(SSLContext context) {
        try {
            context.createSSLEngine();
            return context;
        } catch (IllegalStateException notReady) {
            throw new IllegalArgumentException("the SSLContext is not ready: call its init(...) first", notReady);
        }
    }

    private static SSLContext context(KeyStore store, char[] password, Optional<Path> trusted, Path file)
            throws IOException {
        TrustManager[] trust = trusted.isEmpty() ? new TrustManager[0] : trustManagers(trusted.get());
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust, null);
            return context;
        } catch (GeneralSecurityException fault) {
            throw new IOException(file + " cannot be used for TLS: " + fault.getMessage(), fault);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static KeyStore pemStore(Path certificates, Path key) throws IOException {
        List<X509Certificate> chain = PemFile.read(certificates).certificates();
        PrivateKey secret = PemFile.read(key).key(chain.get(0).getPublicKey().getAlgorithm());
        checkPair(secret, chain.get(0), key);
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("robot", secret, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (KeyStoreException order) {
            throw new IOException(
                    certificates + " has its certificates in no order: first the robot's own, then the issuer of each",
                    order);
        } catch (GeneralSecurityException fault) {
            throw new IOException("a key store cannot be made", fault);
        }
    }

    private static KeyStore pkcs12Store(Path file, char[] password) throws IOException {
        byte[] bytes = PemFile.bytes(file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    checkPair(key, certificate, file);
                    return store;
                }
            }
        } catch (IOException | GeneralSecurityException fault) {
            throw new IOException(
                    file + " cannot be opened: is it PKCS#12, is its password another one? (" + fault.getMessage()
                            + ")",
                    fault);
        }
        throw new IOException(file + " holds no key with a certificate");
    }

    private static void checkPair(PrivateKey key, X509Certificate certificate, Path file) throws IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default ->
                throw new IOException(
                        file + " holds a key of the kind " + key.getAlgorithm() + ": RSA, EC and Ed25519 can be used");
        };
        boolean fits;
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] made = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update((byte) 1);
            fits = signature.verify(made);
        } catch (GeneralSecurityException other) {
            fits = false;
        }
        if (!fits) {
            throw new IOException(
                    file + " does not hold the key of the certificate: name the two that were made together");
        }
    }

    private static TrustManager[] trustManagers(Path issuers) throws IOException {
        List<X509Certificate> all = PemFile.read(issuers).certificates();
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("trusted-" + i, all.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException fault) {
            throw new IOException(issuers + " cannot be used to check clients: " + fault.getMessage(), fault);
        }
    }
}
