package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.TokenForge.base64Url;
import static io.github.robotstream.jwt.TokenForge.bytes;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.publicSettings;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Public keys, each for one algorithm, and what is done to get around that. */
class PublicKeyTest {
    private static final String CLAIMS = claims("\"sub\":\"operator-3\",\"aud\":\"robot-17\"");

    private static JwtTokenVerifier verifier(JwtAlgorithm algorithm) {
        return publicSettings(
                        JwtKey.publicKey(KeyForge.of(algorithm).publicKey()).withAlgorithm(algorithm.tokenName()))
                .build();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void itsOwnAlgorithmGetsInAndNoOtherHoweverItIsSigned(JwtAlgorithm pinned) throws Exception {
        JwtTokenVerifier verifier = verifier(pinned);
        for (JwtAlgorithm used : JwtAlgorithm.ofPublicKeys()) {
            String token = KeyForge.of(used).token(CLAIMS);
            if (used == pinned) {
                assertThat(accept(verifier, token).name()).isEqualTo("operator-3");
            } else {
                refuse(verifier, token, TOKEN_INVALID);
                // And under the name of the pinned one, so that only the signature tells.
                String name = pinned.tokenName();
                refuse(verifier, KeyForge.of(used).token("{\"alg\":\"" + name + "\"}", CLAIMS), TOKEN_INVALID);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void anotherKeyOfTheSameKindIsRefused(JwtAlgorithm algorithm) {
        assertThat(untold(
                        verifier(algorithm),
                        KeyForge.named("another", algorithm).token(CLAIMS)))
                .contains("signature is wrong");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void aTokenThatTakesThePublicKeyForASharedSecretIsRefused(JwtAlgorithm algorithm) {
        KeyForge issuer = KeyForge.of(algorithm);
        byte[] der = issuer.publicKey().getEncoded();
        for (byte[] secret :
                new byte[][] {der, bytes(issuer.pem()), bytes(issuer.pem().strip()), bytes(issuer.jwk(""))}) {
            for (JwtAlgorithm hmac : List.of(JwtAlgorithm.HS256, JwtAlgorithm.HS384, JwtAlgorithm.HS512)) {
                TokenForge forge = TokenForge.with(secret, hmac.name().replace("HS", "HmacSHA"));
                refuse(verifier(algorithm), forge.token("{\"alg\":\"" + hmac + "\"}", CLAIMS), TOKEN_INVALID);
                String name = algorithm.tokenName();
                refuse(verifier(algorithm), forge.token("{\"alg\":\"" + name + "\"}", CLAIMS), TOKEN_INVALID);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void aTokenSignedByNobodyIsRefused(JwtAlgorithm algorithm) {
        for (String alg : new String[] {"none", "None", "NONE", "nOnE"}) {
            String unsigned = base64Url("{\"alg\":\"" + alg + "\"}") + "." + base64Url(CLAIMS) + ".";
            refuse(verifier(algorithm), unsigned, TOKEN_INVALID);
            assertThat(untold(verifier(algorithm), unsigned + "AAAA")).contains("the one algorithm accepted here");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void aTokenThatBringsItsOwnKeyIsRefused(JwtAlgorithm algorithm) {
        KeyForge thief = KeyForge.named("thief", algorithm);
        String name = algorithm.tokenName();
        for (String member : new String[] {
            "\"jwk\":" + thief.jwk(""),
            "\"jku\":\"https://evil.example/keys\"",
            "\"x5u\":\"https://evil.example/chain\"",
            "\"x5c\":[\"" + Base64.getEncoder().encodeToString(thief.publicKey().getEncoded()) + "\"]"
        }) {
            assertThat(refuse(
                            verifier(algorithm),
                            thief.token("{\"alg\":\"" + name + "\"," + member + "}", CLAIMS),
                            TOKEN_INVALID))
                    .hasMessageContaining("never accepted");
        }
    }

    @Test
    void anEncryptedTokenIsRefused() {
        // The five parts of RFC 7516 section 3.1.
        String jwe = base64Url("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".AAAA.AAAA.AAAA.AAAA";
        assertThat(refuse(verifier(JwtAlgorithm.RS256), jwe, TOKEN_INVALID))
                .hasMessageContaining("not header.claims.signature");
    }

    /** CVE-2022-21449: with r and s of zero an equation holds for every token and key. */
    @ParameterizedTest
    @EnumSource(names = {"ES256", "ES384", "ES512"})
    void aSignatureOfZeroesIsRefused(JwtAlgorithm algorithm) {
        String signed = base64Url("{\"alg\":\"" + algorithm + "\"}") + "." + base64Url(CLAIMS) + ".";
        for (int size : new int[] {64, 96, 132}) {
            refuse(verifier(algorithm), signed + base64Url(new byte[size]), TOKEN_INVALID);
            byte[] ones = new byte[size];
            ones[size / 2 - 1] = 1;
            ones[size - 1] = 1;
            refuse(verifier(algorithm), signed + base64Url(ones), TOKEN_INVALID);
        }
    }

    @Test
    void anEcSignatureInDerIsRefused() throws Exception {
        KeyPair pair = KeyForge.pair("P-256", 0);
        String signed = base64Url("{\"alg\":\"ES256\"}") + "." + base64Url(CLAIMS);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(bytes(signed));
        JwtTokenVerifier verifier =
                publicSettings(JwtKey.publicKey(pair.getPublic())).build();
        refuse(verifier, signed + "." + base64Url(signature.sign()), TOKEN_INVALID);
    }

    /** The order of the group added to S is the same signature spelt another way (RFC 8032 section 5.1.7). */
    @Test
    void aSecondSpellingOfAnEd25519SignatureIsRefused() {
        String token = KeyForge.of(JwtAlgorithm.ED25519).token(CLAIMS);
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
        byte[] larger = reversed(s.add(order).toByteArray());
        System.arraycopy(larger, 0, signature, 32, 32);
        refuse(verifier(JwtAlgorithm.ED25519), token.substring(0, dot + 1) + base64Url(signature), TOKEN_INVALID);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    @Test
    void bothNamesOfEd25519AreTaken() throws Exception {
        KeyForge issuer = KeyForge.of(JwtAlgorithm.ED25519);
        accept(verifier(JwtAlgorithm.ED25519), issuer.token("{\"alg\":\"Ed25519\"}", CLAIMS));
        refuse(verifier(JwtAlgorithm.ED25519), issuer.token("{\"alg\":\"Ed448\"}", CLAIMS), TOKEN_INVALID);
    }

    @Test
    void withoutANameAKeyIsForTheUsualAlgorithmOfItsKind() {
        for (JwtAlgorithm usual :
                new JwtAlgorithm[] {JwtAlgorithm.RS256, JwtAlgorithm.ES256, JwtAlgorithm.ES384, JwtAlgorithm.ES512}) {
            assertThat(JwtKey.publicKey(KeyForge.of(usual).publicKey())).hasToString("JwtKey[" + usual + "]");
        }
        assertThat(JwtKey.publicKey(KeyForge.of(JwtAlgorithm.ED25519).publicKey()))
                .hasToString("JwtKey[EdDSA]");
    }

    @Test
    void aKeyOfAnotherKindOrCurveThanItsAlgorithmIsRefused() {
        for (JwtAlgorithm algorithm : JwtAlgorithm.ofPublicKeys()) {
            for (JwtAlgorithm other : JwtAlgorithm.ofPublicKeys()) {
                if (!algorithm.kindOfKey().equals(other.kindOfKey())) {
                    PublicKey key = KeyForge.of(other).publicKey();
                    assertThatThrownBy(() -> JwtKey.publicKey(key).withAlgorithm(algorithm.tokenName()))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith("algorithm is \"" + algorithm.tokenName()
                                    + "\": a key that is of kind " + other.kindOfKey() + " goes with ")
                            .hasMessageContaining(other.tokenName());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "rs256", "RS256 ", "HS256", "RSA"})
    void aNameThatIsNoAlgorithmOfTheKeyIsRefusedWithThoseThatAre(String name) {
        JwtKey key = JwtKey.publicKey(KeyForge.of(JwtAlgorithm.RS256).publicKey());
        assertThatThrownBy(() -> key.withAlgorithm(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("algorithm is \"" + name
                        + "\": a key that is of kind RSA goes with PS256, PS384, PS512, RS256, RS384, RS512");
    }

    @Test
    void theAlgorithmThatWasNamedLastIsTheOnlyOne() throws Exception {
        KeyForge issuer = KeyForge.of(JwtAlgorithm.PS256);
        JwtKey key = JwtKey.publicKey(issuer.publicKey())
                .withId("1")
                .withAlgorithm("PS512")
                .withAlgorithm("PS256");

        assertThat(key).hasToString("JwtKey[PS256, id 1]");
        accept(publicSettings(key).build(), issuer.token(CLAIMS));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2047})
    void anRsaKeyThatIsTooShortIsRefused(int bits) {
        PublicKey key = KeyForge.pair("RSA", bits).getPublic();
        assertThatThrownBy(() -> JwtKey.publicKey(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(bits + " bits", "2048");
    }

    /** With an exponent of 1 every padded hash is its own signature. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "65536", "36893488147419103233"})
    void anRsaKeyWithAWeakExponentIsRefused(String exponent) throws Exception {
        BigInteger modulus = ((java.security.interfaces.RSAPublicKey)
                        KeyForge.of(JwtAlgorithm.RS256).publicKey())
                .getModulus();
        PublicKey[] key = new PublicKey[1];
        assertThatThrownBy(() -> {
                    key[0] = KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(modulus, new BigInteger(exponent)));
                    JwtKey.publicKey(key[0]);
                })
                .hasMessageContaining("xponent");
    }

    @Test
    void aKeyOfAnotherKindIsRefused() {
        for (String kind : new String[] {"DSA", "X25519", "Ed448"}) {
            PublicKey key = KeyForge.pair(kind, 0).getPublic();
            assertThatThrownBy(() -> JwtKey.publicKey(key))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of no kind that is taken");
        }
    }
}
