package io.github.robotstream.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.spec.SecretKeySpec;

/** A key with the one algorithm it is used for (RFC 8725 sections 3.1 and 3.2): no token chooses how it is judged. Any thread. */
interface SignatureCheck {
    int ED25519_SIGNATURE_BYTES = 64;

    /** Tells whether {@code signature} was made over {@code signedBytes} by the owner of the key. */
    boolean isGood(byte[] signedBytes, byte[] signature);

    /** Copies {@code secret}; the algorithm is one of secrets. */
    static SignatureCheck of(JwtAlgorithm algorithm, byte[] secret) {
        if (secret.length < algorithm.minSecretBytes()) {
            throw new IllegalArgumentException(
                    "secret has " + secret.length + " bytes: " + algorithm + " needs " + algorithm.minSecretBytes()
                            + " or more (RFC 7518 section 3.2); take random ones, for instance of SecureRandom");
        }
        try {
            return nimbus(algorithm, new MACVerifier(new SecretKeySpec(secret, "MAC")));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("secret cannot be used for " + algorithm, e);
        }
    }

    /** Takes a key that goes with the algorithm; refuses a point that is not on its curve. */
    static SignatureCheck of(JwtAlgorithm algorithm, PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return nimbus(algorithm, new RSASSAVerifier(rsa));
        }
        if (!(key instanceof ECPublicKey ec)) {
            return ed25519((EdECPublicKey) key);
        }
        try {
            return nimbus(algorithm, new ECDSAVerifier(ec));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("public key is no point of the curve of " + algorithm, e);
        }
    }

    /** Threads may share a verifier of Nimbus. The header it is given is ours, never the token's. */
    private static SignatureCheck nimbus(JwtAlgorithm algorithm, JWSVerifier verifier) {
        JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm.name()));
        return (signedBytes, signature) -> {
            try {
                return verifier.verify(header, signedBytes, Base64URL.encode(signature));
            } catch (JOSEException e) {
                throw new IllegalStateException("this Java runtime cannot compute " + algorithm, e);
            }
        };
    }

    /** Ed25519 (RFC 8032) is computed by the JDK: Nimbus would need another library for it. */
    private static SignatureCheck ed25519(EdECPublicKey key) {
        try {
            Signature.getInstance("Ed25519").initVerify(key);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("public key is no point of the curve Ed25519", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot compute Ed25519", e);
        }
        return (signedBytes, signature) -> {
            if (signature.length != ED25519_SIGNATURE_BYTES) {
                return false;
            }
            try {
                Signature verifier = Signature.getInstance("Ed25519");
                verifier.initVerify(key);
                verifier.update(signedBytes);
                return verifier.verify(signature);
            } catch (SignatureException e) {
                // So the JDK says that 64 bytes are no signature of anything, for instance one past the group's order.
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime cannot compute Ed25519", e);
            }
        };
    }
}
