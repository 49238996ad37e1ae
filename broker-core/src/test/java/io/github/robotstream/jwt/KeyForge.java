package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.TokenForge.base64Url;
import static io.github.robotstream.jwt.TokenForge.bytes;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An issuer with a key pair: makes tokens as it should and as it should not, with the JDK alone. */
final class KeyForge {
    /** Making an RSA key takes a while, so all tests share those of one name. */
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private final JwtAlgorithm algorithm;
    private final KeyPair pair;

    private KeyForge(JwtAlgorithm algorithm, KeyPair pair) {
        this.algorithm = algorithm;
        this.pair = pair;
    }

    static KeyForge of(JwtAlgorithm algorithm) {
        return named("a", algorithm);
    }

    /** Forges of one name and kind of key have the same key. */
    static KeyForge named(String name, JwtAlgorithm algorithm) {
        String kind = algorithm.kindOfKey();
        return new KeyForge(algorithm, PAIRS.computeIfAbsent(name + kind, k -> pair(kind, 2048)));
    }

    static KeyPair pair(String kind, int rsaBits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
            if (kind.startsWith("P-")) {
                generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            } else if (kind.equals("RSA")) {
                generator.initialize(rsaBits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, bytes("\n"))
                        .encodeToString(publicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String token(String claims) {
        return token("{\"alg\":\"" + algorithm.tokenName() + "\"}", claims);
    }

    String token(String header, String claims) {
        return sign(base64Url(header) + "." + base64Url(claims));
    }

    String withKid(String kid, String claims) {
        return token("{\"alg\":\"" + algorithm.tokenName() + "\",\"kid\":\"" + kid + "\"}", claims);
    }

    String sign(String headerAndClaims) {
        try {
            Signature signature = Signature.getInstance(jcaName());
            signature.initSign(pair.getPrivate());
            if (algorithm.name().startsWith("PS")) {
                signature.setParameter(pss());
            }
            signature.update(bytes(headerAndClaims));
            return headerAndClaims + "." + base64Url(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String bits() {
        return algorithm.name().substring(2);
    }

    private String jcaName() {
        return switch (algorithm.name().substring(0, 2)) {
            case "RS" -> "SHA" + bits() + "withRSA";
            case "PS" -> "RSASSA-PSS";
            case "ES" -> "SHA" + bits() + "withECDSAinP1363Format";
            default -> "Ed25519";
        };
    }

    private PSSParameterSpec pss() {
        String hash = "SHA-" + bits();
        return new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), Integer.parseInt(bits()) / 8, 1);
    }

    /** The public key as a JWK with some more members, each followed by a comma. */
    String jwk(String members) {
        return "{" + members + keyMembers() + "}";
    }

    private String keyMembers() {
        if (publicKey() instanceof RSAPublicKey rsa) {
            return "\"kty\":\"RSA\",\"n\":\"" + number(rsa.getModulus(), 0) + "\",\"e\":\""
                    + number(rsa.getPublicExponent(), 0) + "\"";
        }
        if (publicKey() instanceof ECPublicKey ec) {
            int size = (ec.getParams().getOrder().bitLength() + 7) / 8;
            return "\"kty\":\"EC\",\"crv\":\"" + algorithm.kindOfKey() + "\",\"x\":\""
                    + number(ec.getW().getAffineX(), size) + "\",\"y\":\""
                    + number(ec.getW().getAffineY(), size) + "\"";
        }
        byte[] encoded = publicKey().getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + base64Url(x) + "\"";
    }

    private static String number(BigInteger number, int size) {
        byte[] signed = number.toByteArray();
        byte[] plain = signed[0] == 0 ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
        byte[] padded = new byte[Math.max(size, plain.length)];
        System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
        return base64Url(padded);
    }

    static String keySet(String... jwks) {
        return "{\"keys\":[" + String.join(",", jwks) + "]}";
    }
}
