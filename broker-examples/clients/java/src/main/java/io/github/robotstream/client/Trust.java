package io.github.robotstream.client;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS for a client that trusts certificates of a PEM file (RFC 7468) and no others. */
final class Trust {
    private Trust() {}

    /** Certificates that may have signed the robot's, or be it; the name in the robot's is checked. */
    static SSLContext in(Path pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : certificates(pem)) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return context(factory.getTrustManagers());
        } catch (GeneralSecurityException fault) {
            throw new IOException(pem + " cannot be used for TLS", fault);
        }
    }

    /** The robot's own certificate, whatever name and dates are in it. */
    static SSLContext pinned(Path pem) throws IOException {
        try {
            byte[] expected = certificates(pem).iterator().next().getEncoded();
            return context(new TrustManager[] {new Pinned(expected)});
        } catch (GeneralSecurityException fault) {
            throw new IOException(pem + " cannot be used for TLS", fault);
        }
    }

    private static Collection<? extends Certificate> certificates(Path pem) throws IOException, CertificateException {
        try (var file = Files.newInputStream(pem)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(file);
            if (all.isEmpty()) {
                throw new IOException(
                        pem + " holds no certificate: it has to be PEM, with -----BEGIN CERTIFICATE-----");
            }
            return all;
        }
    }

    private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, new SecureRandom());
        return context;
    }

    /** Of this class, and of no plain {@code X509TrustManager}, the JDK does not check names by itself. */
    private static final class Pinned extends X509ExtendedTrustManager {
        private final byte[] expected;

        Pinned(byte[] expected) {
            this.expected = expected;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0 || !Arrays.equals(chain[0].getEncoded(), expected)) {
                throw new CertificateException("the certificate is not the pinned one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
