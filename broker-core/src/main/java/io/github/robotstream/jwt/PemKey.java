package io.github.robotstream.jwt;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key in PEM (RFC 7468): alone, or in a certificate, which is taken as a wrapping of its key and not judged. */
final class PemKey {
    private static final int MAX_CHARACTERS = 64 * 1024;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    private PemKey() {}

    static PublicKey read(String pem) {
        if (pem.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "PEM has " + pem.length() + " characters: " + MAX_CHARACTERS + " is the most that is read");
        }
        Matcher begin = BEGIN.matcher(pem);
        if (!begin.find()) {
            throw new IllegalArgumentException(
                    "PEM has no line -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----");
        }
        String label = begin.group(1);
        int start = begin.end();
        // Before anything is decoded: all of it is looked through for keys that have no business on a robot.
        do {
            refusePrivate(begin.group(1));
        } while (begin.find());
        if (BEGIN.matcher(pem.substring(start)).find()) {
            throw new IllegalArgumentException(
                    "PEM holds more than one object: give one key, or one certificate without chain");
        }
        return switch (label) {
            case "PUBLIC KEY" -> PublicKeys.decode(content(pem, label, start));
            case "CERTIFICATE" -> ofCertificate(content(pem, label, start));
            case "RSA PUBLIC KEY" ->
                throw new IllegalArgumentException("PEM holds an RSA key in PKCS #1: write it as SubjectPublicKeyInfo,"
                        + " openssl rsa -RSAPublicKey_in -in key.pem -pubout");
            default ->
                throw new IllegalArgumentException("PEM holds a " + label + ": PUBLIC KEY and CERTIFICATE are taken");
        };
    }

    private static void refusePrivate(String label) {
        if (label.endsWith("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "PEM holds a private key, and whoever has it can make tokens: it stays with"
                            + " the issuer; give the public one, openssl pkey -in key.pem -pubout");
        }
    }

    private static byte[] content(String pem, String label, int start) {
        int end = pem.indexOf("-----END " + label + "-----", start);
        if (end < 0) {
            throw new IllegalArgumentException("PEM has no line -----END " + label + "-----");
        }
        try {
            return Base64.getDecoder().decode(pem.substring(start, end).replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("PEM has something else than base64 between its two lines", e);
        }
    }

    private static PublicKey ofCertificate(byte[] der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("PEM holds a certificate that is no X.509 (RFC 5280)", e);
        }
    }
}
