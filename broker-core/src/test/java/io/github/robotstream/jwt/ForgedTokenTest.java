package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.TokenForge.HEADER;
import static io.github.robotstream.jwt.TokenForge.base64Url;
import static io.github.robotstream.jwt.TokenForge.bytes;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers send, each correctly signed where that is possible, so that nothing but the one fault refuses it. */
class ForgedTokenTest {
    private static final String CLAIMS = claims("\"sub\":\"operator-3\"");
    private static final String GOOD = FORGE.token(CLAIMS);

    private final JwtTokenVerifier verifier = settings().build();

    @Test
    void theGoodTokenThatTheForgeriesAreMadeFromGetsIn() throws Exception {
        assertThat(accept(verifier, GOOD).name()).isEqualTo("operator-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"none\"", "\"None\"", "\"NONE\"", "\"\"", "\"hs256\"", "\"HS256 \"", "\"HS384\"", "\"HS512\"",
                        "\"RS256\"",
                "\"ES256\"", "\"PS256\"", "\"EdDSA\"", "\"dir\"", "null", "256", "true", "[\"HS256\"]", "{\"HS256\":1}"
            })
    void anotherAlgorithmIsRefusedHoweverItIsSigned(String algorithm) {
        String header = "{\"alg\":" + algorithm + ",\"typ\":\"JWT\"}";
        assertThat(untold(verifier, FORGE.token(header, CLAIMS)))
                .isEqualTo("token is not signed with HS256, the one algorithm accepted here");
        refuse(verifier, base64Url(header) + "." + base64Url(CLAIMS) + ".", TOKEN_INVALID);
    }

    @Test
    void aHeaderWithoutAlgorithmIsRefused() {
        refuse(verifier, FORGE.token("{}", CLAIMS), TOKEN_INVALID);
        refuse(verifier, FORGE.token("{\"typ\":\"JWT\"}", CLAIMS), TOKEN_INVALID);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "HS.*")
    void onlyThePinnedHashGetsInEvenWithTheRightSecret(JwtAlgorithm pinned) throws Exception {
        byte[] secret = bytes("s".repeat(64));
        JwtTokenVerifier pinnedVerifier = JwtTokenVerifier.builder()
                .key(JwtKey.hmac(secret).withAlgorithm(pinned.name()))
                .clock(VerifierFixture.CLOCK)
                .build();
        for (JwtAlgorithm used : List.of(JwtAlgorithm.HS256, JwtAlgorithm.HS384, JwtAlgorithm.HS512)) {
            TokenForge forge = TokenForge.with(secret, used.name().replace("HS", "HmacSHA"));
            String token = forge.token("{\"alg\":\"" + used + "\"}", CLAIMS);
            if (used == pinned) {
                assertThat(accept(pinnedVerifier, token).name()).isEqualTo("operator-3");
            } else {
                refuse(pinnedVerifier, token, TOKEN_INVALID);
                // And with the hash of the one and the name of the other.
                refuse(pinnedVerifier, forge.token("{\"alg\":\"" + pinned + "\"}", CLAIMS), TOKEN_INVALID);
            }
        }
    }

    @Test
    void aTokenSignedWithAPublicKeyOfItsOwnIsRefused() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String jwk = "{\"kty\":\"oct\",\"k\":\"" + base64Url(pair.getPublic().getEncoded()) + "\"}";
        TokenForge forge = TokenForge.with(pair.getPublic().getEncoded(), "HmacSHA256");
        refuse(verifier, forge.token(HEADER, CLAIMS), TOKEN_INVALID);
        refuse(verifier, forge.token("{\"alg\":\"HS256\",\"jwk\":" + jwk + "}", CLAIMS), TOKEN_INVALID);
    }

    @Test
    void anotherSecretIsRefused() {
        byte[] other = SECRET.clone();
        other[31] ^= 1;
        assertThat(untold(verifier, TokenForge.with(other, "HmacSHA256").token(CLAIMS)))
                .contains("signature");
        byte[] zeroes = Arrays.copyOf(SECRET, 64);
        // HMAC pads secrets with zeroes: the longer one is the same key, not another.
        assertThat(TokenForge.with(zeroes, "HmacSHA256").token(CLAIMS)).isEqualTo(GOOD);
        refuse(verifier, TokenForge.with(new byte[32], "HmacSHA256").token(CLAIMS), TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"exp\"]",
                "\"crit\":[\"b64\"],\"b64\":true",
                "\"crit\":[]",
                "\"crit\":null",
                "\"b64\":false",
                "\"b64\":true",
                "\"zip\":\"DEF\"",
                "\"enc\":\"A128GCM\"",
                "\"jku\":\"https://evil.example/keys\"",
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "\"x5u\":\"https://evil.example/chain\"",
                "\"x5c\":[\"MIIB\"]"
            })
    void aHeaderThatBringsAKeyOrChangesTheReadingIsRefused(String member) {
        String name = member.substring(1, member.indexOf('"', 1));
        assertThat(refuse(verifier, FORGE.token("{\"alg\":\"HS256\"," + member + "}", CLAIMS), TOKEN_INVALID))
                .message()
                .containsAnyOf("has " + name + ",", "has b64,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"at+jwt\"", "\"JOSE\"", "\"JWT \"", "\"\"", "null", "7", "[\"JWT\"]"})
    void anotherTypeOfTokenIsRefused(String type) {
        assertThat(untold(verifier, FORGE.token("{\"alg\":\"HS256\",\"typ\":" + type + "}", CLAIMS)))
                .contains("typ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",\"typ\":\"JWT\"", ",\"typ\":\"jwt\"", ",\"kid\":\"1\"", ",\"x5t\":\"q\"", ",\"own\":[{}]"})
    void aHeaderMayLeaveTheTypeOutAndHaveMembersWithoutPower(String members) throws Exception {
        assertThat(accept(verifier, FORGE.token("{\"alg\":\"HS256\"" + members + "}", CLAIMS))
                        .name())
                .isEqualTo("operator-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                "{\"alg\":\"none\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
                "{\"alg\":\"HS256\",\"x\":{\"y\":1,\"y\":2}}",
                "\ufeff{\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\"}{}",
                "{\"alg\":\"HS256\"} x",
                "{\"alg\":\"HS256\",}",
                "{'alg':'HS256'}",
                "{alg:\"HS256\"}",
                "{\"alg\":\"HS256\"/**/}",
                "//\n{\"alg\":\"HS256\"}",
                "[{\"alg\":\"HS256\"}]",
                "\"HS256\"",
                "null",
                "{",
                "{\"alg\":\"HS256\"",
                "{\"alg\":\"HS256\",\"n\":NaN}",
                "{\"alg\":\"HS256\",\"n\":01}",
                "{\"alg\":\"HS256\",\"n\":\"\t\"}",
                "{\"alg\":\"HS256\",\"n\":\"\\ud800\"}",
                "{\"alg\"=\"HS256\"}",
                "{\"alg\":\"HS256\";\"n\":1}",
                ")]}'\n{\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\",\"n\":TRUE}",
                "{\"alg\":\"HS256\"}\u0000",
                "{\"alg\":\"HS256\",\"n\":1\f}"
            })
    void headerAndClaimsInLooseJsonAreRefused(String header) {
        assertThat(refuse(verifier, FORGE.token(header, CLAIMS), TOKEN_INVALID))
                .hasMessageContaining("header is not one strict JSON object");
        String claims = header.replace("\"alg\"", "\"exp\"")
                .replace("\"HS256\"", Long.toString(VerifierFixture.EXP))
                .replace("\"\\u0061lg\"", "\"\\u0065xp\"");
        assertThat(refuse(verifier, FORGE.token(claims), TOKEN_INVALID))
                .hasMessageContaining("claims is not one strict JSON object");
    }

    @Test
    void jsonNestedWithoutEndIsRefusedWithoutHarm() {
        String deep = "[".repeat(5_000);
        refuse(verifier, FORGE.token("{\"alg\":\"HS256\",\"a\":" + deep + "}", CLAIMS), TOKEN_INVALID);
        refuse(verifier, FORGE.token(claims("\"a\":" + deep)), TOKEN_INVALID);
        refuse(verifier, FORGE.token(claims("\"a\":" + "[".repeat(40) + "]".repeat(40))), TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3a9", "80", "c328", "c080", "eda080", "f4908080", "f09fa4"})
    void bytesThatAreNotUtf8AreRefused(String hex) throws Exception {
        byte[] odd = HexFormat.of().parseHex(hex);
        String claims =
                FORGE.token(bytes(HEADER), around(bytes("{\"exp\":" + VerifierFixture.EXP + ",\"sub\":\""), odd));
        String header = FORGE.token(around(bytes("{\"alg\":\"HS256\",\"kid\":\""), odd), bytes(CLAIMS));
        if (hex.equals("c3a9")) {
            assertThat(accept(verifier, claims).name()).isEqualTo("é");
            assertThat(accept(verifier, header).name()).isEqualTo("operator-3");
        } else {
            refuse(verifier, claims, TOKEN_INVALID);
            refuse(verifier, header, TOKEN_INVALID);
        }
    }

    private static byte[] around(byte[] before, byte[] odd) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before);
        all.writeBytes(odd);
        all.writeBytes(bytes("\"}"));
        return all.toByteArray();
    }

    @Test
    void aSecondSpellingOfASignedTokenIsRefused() {
        refuse(verifier, GOOD + "=", TOKEN_INVALID);
        refuse(verifier, " " + GOOD, TOKEN_INVALID);
        refuse(verifier, GOOD + "\n", TOKEN_INVALID);
        refuse(verifier, GOOD.replaceFirst("\\.", ".\r\n"), TOKEN_INVALID);
        refuse(verifier, "Bearer " + GOOD, TOKEN_INVALID);
        refuse(verifier, GOOD.replace(".", "%2E"), TOKEN_INVALID);
        refuse(verifier, GOOD.replace('.', '\u3002'), TOKEN_INVALID);
        refuse(verifier, GOOD.replace('e', '\uff45'), TOKEN_INVALID);
        // Signed as it is spelt, so that only the spelling can refuse it.
        String padded = Base64.getUrlEncoder().encodeToString(bytes(CLAIMS + " ".repeat(3 - CLAIMS.length() % 3 + 1)));
        assertThat(padded).endsWith("=");
        refuse(verifier, FORGE.sign(base64Url(HEADER) + "." + padded), TOKEN_INVALID);
        String loose = base64Url(CLAIMS + " ".repeat(3 - CLAIMS.length() % 3 + 1));
        assertThat(loose).endsWith("A");
        refuse(verifier, FORGE.sign(base64Url(HEADER) + "." + loose.replaceAll("A$", "B")), TOKEN_INVALID);
        String standard = Base64.getEncoder().withoutPadding().encodeToString(bytes(claims("\"sub\":\"~~?>>?\"   ")));
        assertThat(standard).containsAnyOf("+", "/");
        refuse(verifier, FORGE.sign(base64Url(HEADER) + "." + standard), TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e30", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30.e30.e30", "...."})
    void aTokenIsOfThreePartsAndThatIsSaid(String token) {
        assertThat(refuse(verifier, token, TOKEN_INVALID)).hasMessageContaining("not header.claims.signature");
    }

    @Test
    void aSignatureOfAnotherTokenIsRefused() {
        String other = FORGE.token(claims("\"sub\":\"guest\""));
        String stolen = GOOD.substring(0, GOOD.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
        refuse(verifier, stolen, TOKEN_INVALID);
    }

    @Test
    void sixteenKibibytesAreReadAndNotOneCharacterMore() throws Exception {
        String fill = base64Url(HEADER) + ".";
        int room = CompactToken.MAX_CHARACTERS - fill.length() - 1 - 43;
        String empty = claims("\"sub\":\"operator-3\",\"fill\":\"\"");
        // Four characters carry three bytes; 3 bytes fewer are what makes the shorter token surely fit.
        int bytes = room / 4 * 3 - empty.length() - 3;
        String most = FORGE.token(claims("\"sub\":\"operator-3\",\"fill\":\"" + "f".repeat(bytes) + "\""));
        assertThat(most.length()).isBetween(CompactToken.MAX_CHARACTERS - 8, CompactToken.MAX_CHARACTERS);
        assertThat(accept(verifier, most).name()).isEqualTo("operator-3");
        String more = FORGE.token(claims("\"sub\":\"operator-3\",\"fill\":\"" + "f".repeat(bytes + 8) + "\""));
        assertThat(refuse(verifier, more, TOKEN_INVALID)).hasMessageContaining("16384");
        refuse(verifier, ".".repeat(1 << 20), TOKEN_INVALID);
    }
}
