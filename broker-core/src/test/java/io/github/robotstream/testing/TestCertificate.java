package io.github.robotstream.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** A key and a self-signed certificate for the loopback, made by the JDK's keytool when it is needed. */
public final class TestCertificate {
    public static final char[] PASSWORD = "test-only".toCharArray();

    /** For tests that need any. */
    public static final TestCertificate SHARED = make("CN=robot", "-keyalg", "EC", "-groupname", "secp256r1");

    private final KeyStore store;
    private final SSLContext context;

    private TestCertificate(KeyStore store) throws GeneralSecurityException {
        this.store = store;
        this.context = context(this, true, "TLS");
    }

    private SSLContext context(TestCertificate toTrust, boolean withKey, String protocol)
            throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            trusted.load(null, null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        trusted.setCertificateEntry("it", toTrust.store.getCertificate("it"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext made = SSLContext.getInstance(protocol);
        made.init(withKey ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
        return made;
    }

    /** Another one. */
    public static TestCertificate make(String name, String... keyOptions) {
        try {
            Path directory = Files.createTempDirectory("certificate");
            Path file = directory.resolve("it.p12");
            try {
                keytool(file, name, keyOptions);
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
                return new TestCertificate(store);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException | GeneralSecurityException fault) {
            throw new IllegalStateException("no certificate could be made", fault);
        }
    }

    private static void keytool(Path file, String name, String... keyOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-dname",
                name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:::1",
                "-validity",
                "2",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD)));
        command.addAll(Arrays.asList(keyOptions));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** The key with its certificate, under the alias {@code it} and {@link #PASSWORD}. */
    public KeyStore store() {
        return store;
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("it");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String keyPem() {
        try {
            return pem("PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** Shows this certificate, and trusts another one. */
    public SSLContext trusting(TestCertificate other, String protocol) {
        try {
            return context(other, true, protocol);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Trusts this certificate and has none to show. */
    public SSLContext withoutKey() {
        try {
            return context(this, false, "TLS");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Has the key, and trusts nobody but this certificate. */
    public SSLContext context() {
        return context;
    }

    /** For sockets that trust this certificate. */
    public SSLSocketFactory clientSockets() {
        return context.getSocketFactory();
    }

    public SSLEngine serverEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        return engine;
    }
}
