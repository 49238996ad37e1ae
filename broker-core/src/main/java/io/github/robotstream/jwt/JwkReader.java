package io.github.robotstream.jwt;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a JWK set (RFC 7517 section 5) of public keys. Keys that cannot check a token's signature are left out, even if none is
 * left; a set with a private or secret key is refused whole, since whoever could read it can make tokens.
 */
final class JwkReader {
    /** Said in the log of a set that was read and from which all keys are gone. */
    static final String NO_USABLE_KEY =
            " has no usable key, so tokens that need one of its keys are refused: RSA from 2048"
                    + " bits, EC on P-256, P-384 or P-521 and Ed25519 are taken, with use sig or none";

    private static final int MOST_KEYS = 100;
    private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private JwkReader() {}

    /** Throws if it is no set or has a private key; quotes nothing of it. */
    static List<JWK> read(byte[] json) throws IOException {
        if (!(StrictJson.read(json).get("keys") instanceof JsonArray array)) {
            throw new IOException("it is no JWK set (RFC 7517 section 5): it has no list keys");
        }
        if (array.size() > MOST_KEYS) {
            throw new IOException("it has " + array.size() + " keys: " + MOST_KEYS + " is the most that is read");
        }
        List<JWK> useful = new ArrayList<>();
        for (JsonElement element : array) {
            refusePrivate(element);
            key(element).filter(jwk -> verifying(jwk).isPresent()).ifPresent(useful::add);
        }
        return useful;
    }

    private static void refusePrivate(JsonElement element) throws IOException {
        if (element instanceof JsonObject key && PRIVATE.stream().anyMatch(key::has)) {
            throw new IOException(
                    "it has a private or secret key, and whoever has that can make tokens: replace the key,"
                            + " and leave only the public members here");
        }
    }

    private static Optional<JWK> key(JsonElement element) {
        try {
            return Optional.of(JWK.parse(element.toString()));
        } catch (ParseException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The keys of a set that was {@linkplain #read read}. */
    static KeyList keys(List<JWK> set) {
        return new KeyList(
                set.stream().map(JwkReader::verifying).flatMap(Optional::stream).toList());
    }

    private static Optional<JwtKey> verifying(JWK jwk) {
        if (!isForSignatures(jwk)) {
            return Optional.empty();
        }
        try {
            PublicKey key = publicKey(jwk);
            JwtKey usual = JwtKey.publicKey(key);
            JwtKey pinned = jwk.getAlgorithm() == null
                    ? usual
                    : usual.withAlgorithm(jwk.getAlgorithm().getName());
            return Optional.of(jwk.getKeyID() == null ? pinned : pinned.withId(jwk.getKeyID()));
        } catch (IllegalArgumentException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static boolean isForSignatures(JWK jwk) {
        boolean use = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean operations =
                jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY);
        return use && operations && jwk.getKeyRevocation() == null;
    }

    private static PublicKey publicKey(JWK jwk) throws JOSEException {
        if (jwk instanceof RSAKey rsa) {
            return rsa.toRSAPublicKey();
        }
        if (jwk instanceof ECKey ec) {
            return ec.toECPublicKey();
        }
        if (jwk instanceof OctetKeyPair pair && pair.getCurve().getName().equals("Ed25519")) {
            return PublicKeys.decode(ed25519(pair.getDecodedX()));
        }
        throw new IllegalArgumentException("another kind of key");
    }

    private static byte[] ed25519(byte[] x) {
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        return encoded;
    }
}
