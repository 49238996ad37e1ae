package io.github.robotstream.jwt;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;

/**
 * An Ed25519 key (RFC 8032), computed with by the JDK: Nimbus would need another library for it. Its algorithm has two
 * names, {@code EdDSA} (RFC 8037 section 3.1) and the newer {@code Ed25519} (RFC 9864 section 2.2).
 */
final class Ed25519Key implements VerificationKey {
    static final String NAME = "EdDSA";
    static final String NEWER_NAME = "Ed25519";
    private static final int SIGNATURE_BYTES = 64;

    private final EdECPublicKey key;

    Ed25519Key(EdECPublicKey key) {
        this.key = key;
        try {
            verifier();
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("public key is no point of the curve Ed25519", e);
        } catch (GeneralSecurityException e) {
            throw cannot(e);
        }
    }

    private Signature verifier() throws NoSuchAlgorithmException, InvalidKeyException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        return verifier;
    }

    @Override
    public String algorithm() {
        return NAME;
    }

    @Override
    public boolean isNamed(String alg) {
        return alg.equals(NAME) || alg.equals(NEWER_NAME);
    }

    @Override
    public boolean signed(byte[] signedBytes, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verifier = verifier();
            verifier.update(signedBytes);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // How the JDK says that these 64 bytes are no signature of anything, for instance one past the group's
            // order.
            return false;
        } catch (GeneralSecurityException e) {
            throw cannot(e);
        }
    }

    private static IllegalStateException cannot(GeneralSecurityException e) {
        return new IllegalStateException("this Java runtime cannot compute Ed25519", e);
    }
}
