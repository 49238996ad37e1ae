package io.github.robotstream.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A shared secret and its algorithm. The verifier of Nimbus makes a new MAC for each call, so threads share it safely. */
final class HmacKey implements VerificationKey {
    private final JWSHeader header;
    private final MACVerifier verifier;

    /** Copies {@code secret}. */
    HmacKey(HmacAlgorithm algorithm, byte[] secret) {
        if (secret.length < algorithm.minSecretBytes()) {
            throw new IllegalArgumentException(
                    "secret has " + secret.length + " bytes: " + algorithm + " needs " + algorithm.minSecretBytes()
                            + " or more (RFC 7518 section 3.2); take random ones, for instance of SecureRandom");
        }
        SecretKey key = new SecretKeySpec(secret, "MAC");
        this.header = new JWSHeader(JWSAlgorithm.parse(algorithm.name()));
        try {
            this.verifier = new MACVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("secret cannot be used for " + algorithm, e);
        }
    }

    @Override
    public String algorithm() {
        return header.getAlgorithm().getName();
    }

    @Override
    public boolean signed(byte[] signedBytes, byte[] signature) {
        try {
            return verifier.verify(header, signedBytes, Base64URL.encode(signature));
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java runtime cannot compute " + algorithm(), e);
        }
    }
}
