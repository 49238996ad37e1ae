package io.github.robotstream.jwt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How the owner of a key pair signs a token (RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1). */
public enum PublicKeyAlgorithm {
    /** RSA with SHA-256, PKCS #1 v1.5; the key has at least 2048 bits. */
    RS256("RSA"),
    /** RSA with SHA-384, PKCS #1 v1.5; the key has at least 2048 bits. */
    RS384("RSA"),
    /** RSA with SHA-512, PKCS #1 v1.5; the key has at least 2048 bits. */
    RS512("RSA"),
    /** RSA with SHA-256, PSS; the key has at least 2048 bits. */
    PS256("RSA"),
    /** RSA with SHA-384, PSS; the key has at least 2048 bits. */
    PS384("RSA"),
    /** RSA with SHA-512, PSS; the key has at least 2048 bits. */
    PS512("RSA"),
    /** ECDSA on the curve P-256 with SHA-256. */
    ES256("P-256"),
    /** ECDSA on the curve P-384 with SHA-384. */
    ES384("P-384"),
    /** ECDSA on the curve P-521 with SHA-512. */
    ES512("P-521"),
    /** EdDSA on the curve Ed25519; tokens call it {@code EdDSA} or {@code Ed25519}. */
    ED25519("Ed25519");

    private final String kindOfKey;

    PublicKeyAlgorithm(String kindOfKey) {
        this.kindOfKey = kindOfKey;
    }

    /** What keys it goes with: {@code RSA}, or the name of a curve (RFC 7518 section 6.2.1.1). */
    String kindOfKey() {
        return kindOfKey;
    }

    /** What tokens may call it. */
    List<String> names() {
        return this == ED25519 ? List.of(Ed25519Key.NAME, Ed25519Key.NEWER_NAME) : List.of(name());
    }

    static Optional<PublicKeyAlgorithm> named(String alg) {
        return all().filter(algorithm -> algorithm.names().contains(alg)).findFirst();
    }

    /** The algorithm of a kind of key for which no other is named: RS256 for RSA, the only one for all others. */
    static Optional<PublicKeyAlgorithm> usualFor(String kindOfKey) {
        return all().filter(algorithm -> algorithm.kindOfKey.equals(kindOfKey)).findFirst();
    }

    private static Stream<PublicKeyAlgorithm> all() {
        return Arrays.stream(values());
    }
}
