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

/** The robot's key with its certificates, in files. Errors name the file and never show what is in it. */
public interface KeyFiles {

    /** Reads a key store with one key in it, which has the password too, and belongs to its certificate. */
    KeyStore read() throws IOException;

    /** What the key store and its key are protected with in memory. */
    char[] password();

    List<Path> files();

    /**
     * PEM files.
     *
     * @param certificates the robot's own first, then those of its issuers
     * @param key PKCS#8 without password
     */
    static KeyFiles pem(Path certificates, Path key) {
        return new KeyFiles() {
            private final char[] none = new char[0];

            @Override
            public KeyStore read() throws IOException {
                List<X509Certificate> chain = PemFile.read(certificates).certificates();
                PrivateKey secret =
                        PemFile.read(key).key(chain.get(0).getPublicKey().getAlgorithm());
                checkPair(secret, chain.get(0), key);
                try {
                    KeyStore store = KeyStore.getInstance("PKCS12");
                    store.load(null, none);
                    store.setKeyEntry("robot", secret, none, chain.toArray(X509Certificate[]::new));
                    return store;
                } catch (KeyStoreException order) {
                    throw new IOException(
                            certificates + " has its certificates in no order: first the robot's own, then the issuer"
                                    + " of each",
                            order);
                } catch (GeneralSecurityException fault) {
                    throw new IOException("a key store cannot be made", fault);
                }
            }

            @Override
            public char[] password() {
                return none;
            }

            @Override
            public List<Path> files() {
                return List.of(certificates, key);
            }
        };
    }

    /** A PKCS#12 file, and the password of it and of the key in it. */
    static KeyFiles pkcs12(Path file, char[] password) {
        return new KeyFiles() {
            @Override
            public KeyStore read() throws IOException {
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
                            file + " cannot be opened: is it PKCS#12, is its password another one? ("
                                    + fault.getMessage() + ")",
                            fault);
                }
                throw new IOException(file + " holds no key with a certificate");
            }

            @Override
            public char[] password() {
                return password;
            }

            @Override
            public List<Path> files() {
                return List.of(file);
            }
        };
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
}
