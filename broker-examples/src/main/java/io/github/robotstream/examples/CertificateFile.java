package io.github.robotstream.examples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Certificates in a PEM file (RFC 7468), as {@code certificate} writes it.
 *
 * @param chain at least one; the robot's own first
 */
record CertificateFile(Path path, List<X509Certificate> chain) {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

    // What RFC 5280 section 4.2.1.6 calls a dNSName and an iPAddress.
    private static final List<Integer> HOSTS = List.of(2, 7);

    /** The names and addresses that the robot's own certificate is for, in its order. */
    List<String> hosts() {
        try {
            Collection<List<?>> names = own().getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> HOSTS.contains(name.get(0)))
                            .map(name -> name.get(1).toString())
                            .toList();
        } catch (CertificateException damaged) {
            return List.of(); // clients cannot read them either
        }
    }

    /** The robot's own. */
    X509Certificate own() {
        return chain.get(0);
    }

    /** Whether nobody else vouches for it. */
    boolean isSelfSigned() {
        return own().getIssuerX500Principal().equals(own().getSubjectX500Principal());
    }

    /** TLS for a client that trusts these certificates and no other. */
    SSLContext trusted() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate certificate : chain) {
                store.setCertificateEntry(Integer.toString(store.size()), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException fault) {
            throw new IOException(path + " cannot be used for TLS: " + ErrorLines.text(fault), fault);
        }
    }

    /** Reads the file that an option names. */
    static final class FromFile implements ITypeConverter<CertificateFile> {
        @Override
        public CertificateFile convert(String file) {
            Path path = Path.of(file);
            Stream<String> blocks = CERTIFICATE
                    .matcher(new String(SmallFile.read(path), StandardCharsets.ISO_8859_1))
                    .results()
                    .map(MatchResult::group);
            List<X509Certificate> chain = new ArrayList<>();
            try {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                for (String block : blocks.toList()) {
                    byte[] bytes = block.getBytes(StandardCharsets.ISO_8859_1);
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
                }
            } catch (CertificateException damaged) {
                throw new TypeConversionException(file + " holds a certificate that is damaged");
            }
            if (chain.isEmpty()) {
                throw new TypeConversionException(
                        file + " holds no certificate: it has to be PEM, with -----BEGIN CERTIFICATE-----");
            }
            return new CertificateFile(path, List.copyOf(chain));
        }
    }
}
