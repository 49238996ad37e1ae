package io.github.robotstream.jwt;

/** How a shared secret signs a token: HMAC with one of the hashes of RFC 7518 section 3.2. */
public enum HmacAlgorithm {
    /** HMAC with SHA-256; the secret has at least 32 bytes. */
    HS256(32),
    /** HMAC with SHA-384; the secret has at least 48 bytes. */
    HS384(48),
    /** HMAC with SHA-512; the secret has at least 64 bytes. */
    HS512(64);

    private final int minSecretBytes;

    HmacAlgorithm(int minSecretBytes) {
        this.minSecretBytes = minSecretBytes;
    }

    /**
     * How long a secret has to be: as long as the hash (RFC 7518 section 3.2).
     *
     * @return a number of bytes
     */
    public int minSecretBytes() {
        return minSecretBytes;
    }
}
