package io.github.robotstream.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that Nimbus computes with. Its verifiers make a new {@code Mac} or {@code Signature} for each call, so threads
 * share them safely. The header they are given is ours, never the token's.
 */
final class NimbusKey implements VerificationKey {
    private final JWSHeader header;
    private final JWSVerifier verifier;

    private NimbusKey(String algorithm, JWSVerifier verifier) {
        this.header = new JWSHeader(JWSAlgorithm.parse(algorithm));
        this.verifier = verifier;
    }

    /** Copies {@code secret}. */
    static NimbusKey of(JwtAlgorithm algorithm, byte[] secret) {
        if (!algorithm.isOfSecrets()) {
            throw new IllegalArgumentException(algorithm + " goes with a public key of kind " + algorithm.kindOfKey()
                    + ": for a secret take HS256, HS384 or HS512");
        }
        if (secret.length < algorithm.minSecretBytes()) {
            throw new IllegalArgumentException(
                    "secret has " + secret.length + " bytes: " + algorithm + " needs " + algorithm.minSecretBytes()
                            + " or more (RFC 7518 section 3.2); take random ones, for instance of SecureRandom");
        }
        SecretKey key = new SecretKeySpec(secret, "MAC");
        try {
            return new NimbusKey(algorithm.name(), new MACVerifier(key));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("secret cannot be used for " + algorithm, e);
        }
    }

    static NimbusKey of(JwtAlgorithm algorithm, RSAPublicKey key) {
        return new NimbusKey(algorithm.name(), new RSASSAVerifier(key));
    }

    /** Refuses a point that is not on the curve. */
    static NimbusKey of(JwtAlgorithm algorithm, ECPublicKey key) {
        try {
            return new NimbusKey(algorithm.name(), new ECDSAVerifier(key));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("public key is no point of the curve of " + algorithm, e);
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
