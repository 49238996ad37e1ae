package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.KeyForge.keySet;
import static io.github.robotstream.jwt.TokenForge.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys of a JWK set are taken, and for which algorithm. */
class JwkReaderTest {
    private static final KeyForge RSA = KeyForge.of(JwtAlgorithm.RS256);
    private static final KeyForge EC = KeyForge.of(JwtAlgorithm.ES256);

    private static String keys(String... jwks) throws IOException {
        return JwkReader.keys(JwkReader.read(bytes(keySet(jwks)))).keys().toString();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void theAlgorithmThatAKeyNamesIsItsOnlyOne(JwtAlgorithm algorithm) throws Exception {
        String name = algorithm.tokenName();
        assertThat(keys(KeyForge.of(algorithm).jwk("\"alg\":\"" + name + "\",\"kid\":\"k\",")))
                .isEqualTo("[JwtKey[" + name + ", id k]]");
    }

    @Test
    void aKeyThatNamesNoneIsForTheUsualOneOfItsKind() throws Exception {
        assertThat(keys(
                        RSA.jwk(""),
                        EC.jwk(""),
                        KeyForge.of(JwtAlgorithm.ED25519).jwk("")))
                .isEqualTo("[JwtKey[RS256], JwtKey[ES256], JwtKey[EdDSA]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use\":\"enc\",",
                "\"alg\":\"RSA-OAEP\",",
                "\"alg\":\"HS256\",",
                "\"alg\":\"none\",",
                "\"alg\":\"RS256\",",
                "\"alg\":\"ES384\",",
                "\"alg\":\"ES256K\",",
                "\"key_ops\":[\"encrypt\"],",
                "\"kid\":\"\","
            })
    void aKeyForSomethingElseIsLeftOut(String members) throws Exception {
        assertThat(keys(EC.jwk(members), EC.jwk("\"kid\":\"good\","))).isEqualTo("[JwtKey[ES256, id good]]");
        assertThat(keys(EC.jwk(members))).isEqualTo("[]");
    }

    @Test
    void aKeyThatIsMalformedOrTooWeakIsLeftOut() throws Exception {
        String weak = RSA.jwk("").replaceFirst("\"n\":\"[^\"]{100}", "\"n\":\"");
        String offCurve = EC.jwk("").replaceFirst("\"x\":\"....", "\"x\":\"AAAA");
        String odd = "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"}";
        String shortOkp = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}";
        assertThat(keys(weak, offCurve, odd, shortOkp, "7", "{}", EC.jwk(""))).isEqualTo("[JwtKey[ES256]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    void aSetWithAPrivateOrSecretKeyIsRefusedWhole(String member) {
        String broken = EC.jwk("\"" + member + "\":\"c2VjcmV0c2VjcmV0\",");
        assertThatThrownBy(() -> keys(EC.jwk(""), broken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("private or secret key")
                .message()
                .doesNotContain("c2Vj");
    }

    @Test
    void aHundredKeysAreReadAndNotOneMore() throws Exception {
        String[] most = Collections.nCopies(100, EC.jwk("")).toArray(String[]::new);
        assertThat(JwkReader.read(bytes(keySet(most)))).hasSize(100);
        String[] more = Collections.nCopies(101, EC.jwk("")).toArray(String[]::new);
        assertThatThrownBy(() -> keys(more)).hasMessageContaining("101 keys");
    }

    @Test
    void aSetInLooseJsonIsRefusedAndNotQuoted() {
        for (String loose : new String[] {
            "\ufeff" + keySet(EC.jwk("")),
            keySet(EC.jwk("")) + "x",
            keySet(EC.jwk("\"kty\":\"EC\",")),
            "{'keys':[]}",
            keySet(EC.jwk("\"x\\ud83e\":1,")),
            "[]",
            ""
        }) {
            assertThatThrownBy(() -> JwkReader.read(bytes(loose)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it is not one strict JSON object in UTF-8 without duplicate members");
        }
    }
}
