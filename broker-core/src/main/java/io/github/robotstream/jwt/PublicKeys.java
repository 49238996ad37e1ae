package io.github.robotstream.jwt;

import com.nimbusds.jose.jwk.Curve;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which public keys are taken, each pinned to one algorithm. */
final class PublicKeys {
    private static final int MIN_RSA_BITS = 2048;

    /** The JDK reads no longer ones; checking a signature with them would take an attacker's time well. */
    private static final int MAX_RSA_BITS = 16_384;

    private static final int MAX_EXPONENT_BITS = 64;

    private static final int MAX_PEM_CHARACTERS = 64 * 1024;
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    private PublicKeys() {}

    /** Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1) of any kind that is taken. */
    static PublicKey decode(byte[] subjectPublicKeyInfo) {
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
            } catch (InvalidKeySpecException e) {
                // Perhaps it is one of the next kind.
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java runtime has no keys of kind " + kind, e);
            }
        }
        throw notTaken();
    }

    /** A key for the usual algorithm of its kind. */
    static JwtKey pinned(PublicKey foreign) {
        byte[] encoded = foreign.getEncoded();
        if (encoded == null) {
            throw new IllegalArgumentException("public key does not tell its encoded form (SubjectPublicKeyInfo)");
        }
        // Read anew: what a class of somebody else's computes might change from call to call.
        PublicKey key = decode(encoded);
        JwtAlgorithm usual = JwtAlgorithm.usualFor(kindOf(key)).orElseThrow(PublicKeys::notTaken);
        if (key instanceof RSAPublicKey rsa) {
            checkRsa(rsa);
        }
        return new JwtKey(usual, algorithm -> SignatureCheck.of(algorithm, key));
    }

    private static String kindOf(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            return curve == null ? "EC" : curve.getName();
        }
        return key instanceof EdECPublicKey ed ? ed.getParams().getName() : key.getAlgorithm();
    }

    private static void checkRsa(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new IllegalArgumentException("RSA key has " + bits + " bits: " + MIN_RSA_BITS + " to " + MAX_RSA_BITS
                    + " are taken (RFC 7518 section 3.3)");
        }
        BigInteger exponent = key.getPublicExponent();
        if (!exponent.testBit(0)
                || exponent.compareTo(BigInteger.TWO) < 0
                || exponent.bitLength() > MAX_EXPONENT_BITS) {
            throw new IllegalArgumentException("RSA key has an even public exponent, or one below 3 or above "
                    + MAX_EXPONENT_BITS + " bits: 65537 is usual");
        }
    }

    private static IllegalArgumentException notTaken() {
        return new IllegalArgumentException(
                "public key is of no kind that is taken: RSA, EC on P-256, P-384 or P-521, Ed25519");
    }

    /** Reads one key in PEM (RFC 7468): alone, or in a certificate, which is taken as a wrapping of its key and not judged. */
    static PublicKey ofPem(String pem) {
        if (pem.length() > MAX_PEM_CHARACTERS) {
            throw new IllegalArgumentException(
                    "PEM has " + pem.length() + " characters: " + MAX_PEM_CHARACTERS + " is the most that is read");
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
            case "PUBLIC KEY" -> decode(content(pem, label, start));
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
