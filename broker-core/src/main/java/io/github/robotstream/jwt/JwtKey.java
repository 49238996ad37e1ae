package io.github.robotstream.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

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
    private final SignatureCheck check;
    private final Optional<String> id;

    JwtKey(JwtAlgorithm algorithm, SignatureCheck check, Optional<String> id) {
        this.algorithm = algorithm;
        this.check = check;
        this.id = id;
    }

    /**
     * A secret that this robot and whoever makes tokens for it share, for HS256.
     *
     * @param secret 32 bytes or more, random ones; they are copied
     * @return the key
     */
    public static JwtKey hmac(byte[] secret) {
        return hmac(JwtAlgorithm.HS256, secret);
    }

    /**
     * A secret that this robot and whoever makes tokens for it share.
     *
     * @param algorithm the only one it is used for: HS256, HS384 or HS512
     * @param secret as many bytes as the hash has or more, random ones; they are copied
     * @return the key
     */
    public static JwtKey hmac(JwtAlgorithm algorithm, byte[] secret) {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(secret, "secret");
        return new JwtKey(algorithm, SignatureCheck.of(algorithm, secret), Optional.empty());
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
     * A public key: RSA for RS256, EC for the algorithm of its curve, or Ed25519.
     *
     * @param key RSA of 2048 to 16384 bits, EC on P-256, P-384 or P-521, or Ed25519
     * @return the key
     */
    public static JwtKey publicKey(PublicKey key) {
        Objects.requireNonNull(key, "key");
        return PublicKeys.pinned(key, Optional.empty());
    }

    /**
     * A public key.
     *
     * @param algorithm the only one it is used for
     * @param key RSA of 2048 to 16384 bits, EC on the curve of the algorithm, or Ed25519
     * @return the key
     */
    public static JwtKey publicKey(JwtAlgorithm algorithm, PublicKey key) {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(key, "key");
        return PublicKeys.pinned(key, Optional.of(algorithm));
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
     * A public key in PEM (RFC 7468).
     *
     * @param algorithm the only one it is used for
     * @param pem as {@link #pem(String)} takes it
     * @return the key
     */
    public static JwtKey pem(JwtAlgorithm algorithm, String pem) {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(pem, "pem");
        return publicKey(algorithm, PublicKeys.ofPem(pem));
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
        return new JwtKey(algorithm, check, Optional.of(kid));
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
