package io.github.robotstream.jwt;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a token is signed: with a secret that is shared (HMAC), or by the owner of a key pair. Each key goes with one of these. */
enum JwtAlgorithm {
    /** HMAC with SHA-256 (RFC 7518 section 3.2); the secret has at least 32 bytes. */
    HS256(32),
    /** HMAC with SHA-384 (RFC 7518 section 3.2); the secret has at least 48 bytes. */
    HS384(48),
    /** HMAC with SHA-512 (RFC 7518 section 3.2); the secret has at least 64 bytes. */
    HS512(64),
    /** RSA with SHA-256, PKCS #1 v1.5 (RFC 7518 section 3.3); the key has at least 2048 bits. */
    RS256("RSA"),
    /** RSA with SHA-384, PKCS #1 v1.5 (RFC 7518 section 3.3); the key has at least 2048 bits. */
    RS384("RSA"),
    /** RSA with SHA-512, PKCS #1 v1.5 (RFC 7518 section 3.3); the key has at least 2048 bits. */
    RS512("RSA"),
    /** RSA with SHA-256, PSS (RFC 7518 section 3.5); the key has at least 2048 bits. */
    PS256("RSA"),
    /** RSA with SHA-384, PSS (RFC 7518 section 3.5); the key has at least 2048 bits. */
    PS384("RSA"),
    /** RSA with SHA-512, PSS (RFC 7518 section 3.5); the key has at least 2048 bits. */
    PS512("RSA"),
    /** ECDSA on the curve P-256 with SHA-256 (RFC 7518 section 3.4). */
    ES256("P-256"),
    /** ECDSA on the curve P-384 with SHA-384 (RFC 7518 section 3.4). */
    ES384("P-384"),
    /** ECDSA on the curve P-521 with SHA-512 (RFC 7518 section 3.4). */
    ES512("P-521"),
    /** EdDSA on the curve Ed25519 (RFC 8037 section 3.1); tokens call it {@code EdDSA} or {@code Ed25519}. */
    ED25519("Ed25519");

    private final String kindOfKey;
    private final int minSecretBytes;

    JwtAlgorithm(int minSecretBytes) {
        this.kindOfKey = "a secret";
        this.minSecretBytes = minSecretBytes;
    }

    JwtAlgorithm(String kindOfKey) {
        this.kindOfKey = kindOfKey;
        this.minSecretBytes = 0;
    }

    boolean isOfSecrets() {
        return minSecretBytes > 0;
    }

    /** How long a secret has to be, in bytes: as long as the hash (RFC 7518 section 3.2). */
    int minSecretBytes() {
        return minSecretBytes;
    }

    /** What keys it goes with: a secret, {@code RSA}, or the name of a curve (RFC 7518 section 6.2.1.1). */
    String kindOfKey() {
        return kindOfKey;
    }

    /** What tokens call it. */
    String tokenName() {
        return this == ED25519 ? "EdDSA" : name();
    }

    /** Whether {@code alg} is its name, or the newer one of Ed25519 (RFC 9864 section 2.2). */
    boolean isNamed(String alg) {
        return alg.equals(tokenName()) || (this == ED25519 && alg.equals("Ed25519"));
    }

    /** Those that go with the same keys. */
    Set<JwtAlgorithm> ofSameKind() {
        return Arrays.stream(values())
                .filter(other -> other.kindOfKey.equals(kindOfKey))
                .collect(Collectors.toSet());
    }

    static Set<JwtAlgorithm> ofPublicKeys() {
        return EnumSet.range(RS256, ED25519);
    }

    /** Their names in the order of the alphabet, as people are told them. */
    static String list(Set<JwtAlgorithm> algorithms) {
        return algorithms.stream().map(JwtAlgorithm::tokenName).sorted().collect(Collectors.joining(", "));
    }

    static Optional<JwtAlgorithm> named(String alg) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.isNamed(alg))
                .findFirst();
    }

    /** The algorithm of a kind of public key for which no other is named: RS256 for RSA, the only one for all others. */
    static Optional<JwtAlgorithm> usualFor(String kindOfKey) {
        return ofPublicKeys().stream()
                .filter(algorithm -> algorithm.kindOfKey.equals(kindOfKey))
                .findFirst();
    }
}
