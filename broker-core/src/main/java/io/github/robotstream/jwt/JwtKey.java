package io.github.robotstream.jwt;

import io.github.robotstream.internal.classpath.Libraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A key that tokens are signed with, pinned to one algorithm (RFC 8725 section 3.1): a token that names another one is
 * refused, whatever its signature. Immutable and safe for use by several threads; never shows the key.
 * A key that is too short, of a kind that is not taken, or not for the algorithm is refused by an IllegalArgumentException.
 *
 * <pre>{@code
 * TokenVerifier verifier = JwtTokenVerifier.builder()
 *         .key(JwtKey.hmacFile(Path.of("secret")).withId("2026-11"))
 *         .key(JwtKey.hmacFile(Path.of("former-secret")).withId("2026-10"))
 *         .build();
 * }</pre>
 */
public final class JwtKey {
    private static final int MAX_ID_CHARACTERS = 255;
    private static final int MAX_FILE_BYTES = 64 * 1024;

    private final JwtAlgorithm algorithm;
    private final Function<JwtAlgorithm, SignatureCheck> checks; // for each algorithm that goes with keys of its kind
    private final SignatureCheck check;
    private final Optional<String> id;

    /** {@code algorithm} goes with keys of this kind. */
    JwtKey(JwtAlgorithm algorithm, Function<JwtAlgorithm, SignatureCheck> checks) {
        this(algorithm, checks, checks.apply(algorithm), Optional.empty());
    }

    private JwtKey(
            JwtAlgorithm algorithm,
            Function<JwtAlgorithm, SignatureCheck> checks,
            SignatureCheck check,
            Optional<String> id) {
        this.algorithm = algorithm;
        this.checks = checks;
        this.check = check;
        this.id = id;
    }

    /**
     * A secret that this robot and whoever makes tokens for it share, for HS256 unless {@link #withAlgorithm} names another.
     *
     * @param secret 32 bytes or more, random ones; they are copied
     * @return the key
     */
    public static JwtKey hmac(byte[] secret) {
        byte[] copy = Objects.requireNonNull(secret, "secret").clone();
        return new JwtKey(JwtAlgorithm.HS256, algorithm -> SignatureCheck.of(algorithm, copy));
    }

    /**
     * A secret in a file, for HS256: its bytes less one line end, LF or CRLF, as {@code openssl rand -hex 32 > secret} writes it.
     *
     * @param file 32 bytes to 64 KiB
     * @return the key
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is too short or too long; the message names the file
     */
    public static JwtKey hmacFile(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        "it has more than " + MAX_FILE_BYTES + " bytes; is it the right file?");
            }
            return hmac(withoutLineEnd(bytes));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no secret in " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] withoutLineEnd(byte[] bytes) {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end--;
            if (end > 0 && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return Arrays.copyOf(bytes, end);
    }

    /**
     * A public key: RSA for RS256 unless {@link #withAlgorithm} names another, EC for the algorithm of its curve, or Ed25519.
     *
     * @param key RSA of 2048 to 16384 bits, EC on P-256, P-384 or P-521, or Ed25519
     * @return the key
     * @throws IllegalStateException if the nimbus-jose-jwt of the class path is too old; the message names its jar and the version wanted
     */
    public static JwtKey publicKey(PublicKey key) {
        Objects.requireNonNull(key, "key");
        Libraries.checkNimbus();
        return PublicKeys.pinned(key);
    }

    /**
     * A public key in PEM (RFC 7468), for the algorithm that {@link #publicKey(PublicKey)} takes.
     *
     * @param pem one {@code PUBLIC KEY} (SubjectPublicKeyInfo) or one {@code CERTIFICATE} (X.509); of a certificate only
     *     the key is looked at, not who issued it and until when it is valid
     * @return the key
     */
    public static JwtKey pem(String pem) {
        Objects.requireNonNull(pem, "pem");
        return publicKey(PublicKeys.ofPem(pem));
    }

    /**
     * This key for another algorithm, the only one that it is used for then.
     *
     * @param name as tokens name it in {@code alg} (RFC 7518 section 3.1): HS256, HS384 or HS512 with a secret of as many bytes as the hash
     *     has or more; RS256, RS384, RS512, PS256, PS384 or PS512 with an RSA key; with others the one of their curve: ES256, ES384, ES512, or
     *     EdDSA (RFC 8037 section 3.1), which is also called Ed25519 (RFC 9864 section 2.2)
     * @return a new key
     */
    public JwtKey withAlgorithm(String name) {
        Objects.requireNonNull(name, "name");
        Set<JwtAlgorithm> fitting = algorithm.ofSameKind();
        JwtAlgorithm named = JwtAlgorithm.named(name)
                .filter(fitting::contains)
                .orElseThrow(() -> new IllegalArgumentException("algorithm is \"" + name + "\": a key that is "
                        + (isSecret() ? "a secret" : "of kind " + algorithm.kindOfKey()) + " goes with "
                        + JwtAlgorithm.list(fitting)));
        return new JwtKey(named, checks, checks.apply(named), id);
    }

    /**
     * This key with an id: of the tokens that name a key in their header ({@code kid}, RFC 7515 section 4.1.4) only those
     * that name this one are judged with it. A key without id is tried for all.
     *
     * @param kid 1 to 255 characters, compared character by character
     * @return a new key
     */
    public JwtKey withId(String kid) {
        Objects.requireNonNull(kid, "kid");
        if (kid.isEmpty() || kid.length() > MAX_ID_CHARACTERS) {
            throw new IllegalArgumentException(
                    "key id has " + kid.length() + " characters: it has to have 1 to " + MAX_ID_CHARACTERS);
        }
        return new JwtKey(algorithm, checks, check, Optional.of(kid));
    }

    boolean isSecret() {
        return algorithm.isOfSecrets();
    }

    Optional<String> id() {
        return id;
    }

    JwtAlgorithm algorithm() {
        return algorithm;
    }

    /** Tells whether this may be the key that a header names, or names none. */
    boolean mayBe(Optional<String> kid) {
        return kid.isEmpty() || id.isEmpty() || kid.equals(id);
    }

    boolean signed(byte[] signedBytes, byte[] signature) {
        return check.isGood(signedBytes, signature);
    }

    /** Returns algorithm and id, without the key. */
    @Override
    public String toString() {
        return "JwtKey[" + algorithm.tokenName()
                + id.map(name -> ", id " + name).orElse("") + "]";
    }
}
