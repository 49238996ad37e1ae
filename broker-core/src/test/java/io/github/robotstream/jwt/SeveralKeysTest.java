package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.publicSettings;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several keys at once, of different kinds or while one takes the place of another. */
class SeveralKeysTest {
    private static final String CLAIMS = claims("\"aud\":\"robot-17\"");
    private static final KeyForge RSA = KeyForge.of(JwtAlgorithm.RS256);
    private static final KeyForge EC = KeyForge.of(JwtAlgorithm.ES256);
    private static final KeyForge OTHER_EC = KeyForge.named("another", JwtAlgorithm.ES256);

    @Test
    void eachKeyGetsInByItsOwnAlgorithmOnly() throws Exception {
        JwtTokenVerifier verifier = publicSettings(JwtKey.hmac(SECRET))
                .key(JwtKey.publicKey(RSA.publicKey()))
                .key(JwtKey.publicKey(EC.publicKey()))
                .build();
        accept(verifier, FORGE.token(CLAIMS));
        accept(verifier, RSA.token(CLAIMS));
        accept(verifier, EC.token(CLAIMS));
        // With both kinds at hand, the public key as a secret and the secret's algorithm for a key pair.
        refuse(
                verifier,
                TokenForge.with(RSA.publicKey().getEncoded(), "HmacSHA256").token(CLAIMS),
                TOKEN_INVALID);
        refuse(
                verifier,
                TokenForge.with(TokenForge.bytes(RSA.pem()), "HmacSHA256").token(CLAIMS),
                TOKEN_INVALID);
        refuse(verifier, RSA.token("{\"alg\":\"HS256\"}", CLAIMS), TOKEN_INVALID);
        refuse(verifier, EC.token("{\"alg\":\"RS256\"}", CLAIMS), TOKEN_INVALID);
        refuse(verifier, RSA.token("{\"alg\":\"ES256\"}", CLAIMS), TOKEN_INVALID);
        assertThat(untold(verifier, KeyForge.of(JwtAlgorithm.PS256).token(CLAIMS)))
                .isEqualTo("token is signed with none of the algorithms accepted here: ES256, HS256, RS256");
    }

    @Test
    void whileAKeyIsReplacedTokensOfBothGetIn() throws Exception {
        JwtTokenVerifier verifier = publicSettings(
                        JwtKey.publicKey(EC.publicKey()).withId("old"))
                .key(JwtKey.publicKey(OTHER_EC.publicKey()).withId("new"))
                .build();
        accept(verifier, EC.withKid("old", CLAIMS));
        accept(verifier, OTHER_EC.withKid("new", CLAIMS));
        accept(verifier, EC.token(CLAIMS));
        accept(verifier, OTHER_EC.token(CLAIMS));
        assertThat(untold(verifier, EC.withKid("new", CLAIMS))).contains("signature is wrong");
        assertThat(untold(verifier, EC.withKid("Old", CLAIMS))).contains("(kid)");
        assertThat(untold(verifier, EC.withKid("../../dev/null", CLAIMS))).contains("(kid)");
    }

    @Test
    void aKeyWithoutIdIsTriedForAllIds() throws Exception {
        JwtTokenVerifier verifier =
                publicSettings(JwtKey.publicKey(EC.publicKey())).build();
        accept(verifier, EC.withKid("whatever", CLAIMS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "true", "[\"old\"]", "{}"})
    void aKeyIdThatIsNoTextIsRefused(String kid) {
        JwtTokenVerifier verifier =
                publicSettings(JwtKey.publicKey(EC.publicKey())).build();
        for (String name : new String[] {"kid", "cty", "x5t", "x5t#S256"}) {
            String header = "{\"alg\":\"ES256\",\"" + name + "\":" + kid + "}";
            assertThat(refuse(verifier, EC.token(header, CLAIMS), TOKEN_INVALID))
                    .hasMessageContaining(name + " that is no JSON string");
        }
    }

    @Test
    void ofManyKeysOnlySoManyAreTried() throws Exception {
        JwtTokenVerifierBuilder settings = publicSettings(JwtKey.publicKey(EC.publicKey()));
        for (int i = 0; i < KeyList.MOST_TRIED; i++) {
            settings.key(
                    JwtKey.publicKey(KeyForge.named("n" + i, JwtAlgorithm.ES256).publicKey())
                            .withId("n" + i));
        }
        KeyForge last = KeyForge.named("n" + (KeyList.MOST_TRIED - 1), JwtAlgorithm.ES256);
        accept(settings.build(), EC.token(CLAIMS));
        accept(settings.build(), last.withKid("n" + (KeyList.MOST_TRIED - 1), CLAIMS));
        refuse(settings.build(), last.token(CLAIMS), TOKEN_INVALID);
    }

    @Test
    void aKeyIdHasOneTo255Characters() {
        JwtKey key = JwtKey.hmac(SECRET);
        assertThat(key.withId("k".repeat(255))).asString().contains("id kkk");
        assertThatThrownBy(() -> key.withId("")).hasMessageContaining("0 characters");
        assertThatThrownBy(() -> key.withId("k".repeat(256))).hasMessageContaining("256 characters");
    }
}
