package io.github.robotstream.internal.transport.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Key and certificate from files.
 *
 * @param trusted certificates in PEM: clients whose certificate is signed by one of them get in by it; empty if clients are not asked
 */
public record TlsFiles(KeyFiles key, Optional<Path> trusted) implements TlsSource {

    @Override
    public SSLContext load() throws IOException {
        KeyStore store = key.read();
        TrustManager[] trust = trusted.isEmpty() ? new TrustManager[0] : whoTrusts(trusted.get());
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, key.password());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust, null);
            return context;
        } catch (GeneralSecurityException fault) {
            throw new IOException(key.files().get(0) + " cannot be used for TLS: " + fault.getMessage(), fault);
        }
    }

    private static TrustManager[] whoTrusts(Path file) throws IOException {
        List<X509Certificate> all = PemFile.read(file).certificates();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("trusted-" + i, all.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (GeneralSecurityException fault) {
            throw new IOException(file + " cannot be used to check clients: " + fault.getMessage(), fault);
        }
    }

    @Override
    public List<Path> files() {
        return Stream.concat(key.files().stream(), trusted.stream()).toList();
    }

    @Override
    public boolean asksClients() {
        return trusted.isPresent();
    }
}
