package io.github.robotstream.internal.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text file of keys and certificates (RFC 7468). Errors name the file and never show what is in it. */
record PemFile(Path path, List<Block> blocks) {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    /** What stands between two lines of dashes. */
    record Block(String label, String base64) {
        @Override
        public String toString() {
            return label;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it has more than 1 MiB: name a file with a key or certificates");
            }
            return bytes;
        } catch (NoSuchFileException none) {
            throw new IOException("there is no file " + path, none);
        } catch (AccessDeniedException denied) {
            throw new IOException(path + " may not be read by the user that this program runs as", denied);
        } catch (IOException fault) {
            throw new IOException(path + " cannot be read: " + fault.getMessage(), fault);
        }
    }

    static PemFile read(Path path) throws IOException {
        Matcher matcher = BLOCK.matcher(new String(bytes(path), StandardCharsets.ISO_8859_1));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return new PemFile(path, blocks);
    }

    /** All certificates, in their order; at least one. */
    List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.label.equals("CERTIFICATE")) {
                    all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decoded(block))));
                }
            }
        } catch (CertificateException damaged) {
            throw new IOException(path + " holds a certificate that is damaged", damaged);
        }
        if (all.isEmpty()) {
            throw new IOException(path + " holds no certificate: it has to be PEM, with -----BEGIN CERTIFICATE-----");
        }
        return all;
    }

    /** The one private key, of the algorithm that the certificate names. */
    PrivateKey key(String algorithm) throws IOException {
        List<Block> keys = blocks.stream()
                .filter(block -> block.label.endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new IOException(path + " holds " + keys.size()
                    + " private keys: it has to hold one, in PEM with -----BEGIN PRIVATE KEY-----");
        }
        Block key = keys.get(0);
        if (!key.label.equals("PRIVATE KEY")) {
            throw new IOException(path + " holds a key in the form " + key.label
                    + ", PKCS#8 without password is needed: convert it with openssl pkey -in " + path
                    + " -out key.pem");
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(decoded(key)));
        } catch (GeneralSecurityException other) {
            throw new IOException(path + " does not hold the key of the certificate, which is of the kind " + algorithm
                    + ": name the two that were made together");
        }
    }

    private byte[] decoded(Block block) throws IOException {
        try {
            return Base64.getDecoder().decode(block.base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException other) {
            throw new IOException(path + " is damaged: what stands between its lines of dashes is not base64");
        }
    }
}
