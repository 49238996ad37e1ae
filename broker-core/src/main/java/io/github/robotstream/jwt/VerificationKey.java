package io.github.robotstream.jwt;

/**
 * What signatures are checked with: a key together with the one algorithm it is used for (RFC 8725 sections 3.1 and 3.2), so
 * that no token chooses how it is judged. Safe for use by several threads.
 */
interface VerificationKey {
    /** The algorithm, as people are told it. */
    String algorithm();

    /** Tells whether a token's {@code alg} names the algorithm that goes with this key. */
    default boolean isNamed(String alg) {
        return algorithm().equals(alg);
    }

    /** Tells whether {@code signature} was made over {@code signedBytes} by the owner of this key. */
    boolean signed(byte[] signedBytes, byte[] signature);
}
