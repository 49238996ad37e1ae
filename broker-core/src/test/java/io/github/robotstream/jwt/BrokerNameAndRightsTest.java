package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.CLOCK;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.request;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Permissions;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom tokens are and what they allow, where others than this robot's owner make them. */
class BrokerNameAndRightsTest {
    private static final KeyForge ISSUER = KeyForge.of(JwtAlgorithm.ES256);

    private static JwtTokenVerifierBuilder publicKey() {
        return JwtTokenVerifier.builder()
                .key(JwtKey.publicKey(ISSUER.publicKey()))
                .clock(CLOCK)
                .defaultPermissions(Permissions.none());
    }

    @Test
    void withPublicKeysTheBrokersNameIsTheAudience() throws Exception {
        JwtTokenVerifier verifier = publicKey().build().forBroker(Optional.of("robot-17"), entry -> {});
        accept(verifier, ISSUER.token(claims("\"aud\":[\"x\",\"robot-17\"]")));
        refuse(verifier, ISSUER.token(claims("\"aud\":\"robot-18\"")), TOKEN_INVALID);
        refuse(verifier, ISSUER.token(claims("")), TOKEN_INVALID);
    }

    @Test
    void anAudienceThatIsSetCountsInPlaceOfTheBrokersName() throws Exception {
        JwtTokenVerifier verifier =
                publicKey().audience("fleet").build().forBroker(Optional.of("robot-17"), entry -> {});
        accept(verifier, ISSUER.token(claims("\"aud\":\"fleet\"")));
        refuse(verifier, ISSUER.token(claims("\"aud\":\"robot-17\"")), TOKEN_INVALID);
    }

    @Test
    void withPublicKeysABrokerWithoutNameAndAudienceDoesNotStart() throws Exception {
        JwtTokenVerifier verifier = publicKey().build();
        assertThatThrownBy(() -> verifier.forBroker(Optional.empty(), entry -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("audience(...)", "name", "anyAudience()");
        // Nor does a verifier let anybody in that was never told of a broker.
        assertThatThrownBy(() -> verifier.verify(request(ISSUER.token(claims("")))))
                .isInstanceOf(IllegalStateException.class);
        accept(
                publicKey().anyAudience().build().forBroker(Optional.empty(), entry -> {}),
                ISSUER.token(claims("\"aud\":\"x\"")));
    }

    @Test
    void withASharedSecretAnAudienceMayBeMissingButNotBeAnothers() throws Exception {
        JwtTokenVerifier verifier = settings().build().forBroker(Optional.of("robot-17"), entry -> {});
        accept(verifier, FORGE.token(claims("")));
        accept(verifier, FORGE.token(claims("\"aud\":\"robot-17\"")));
        refuse(verifier, FORGE.token(claims("\"aud\":\"robot-18\"")), TOKEN_INVALID);
    }

    @Test
    void besideAPublicKeyEachTokenIsJudgedByTheKeyItWasSignedWith() throws Exception {
        JwtTokenVerifier verifier =
                publicKey().key(JwtKey.hmac(SECRET)).build().forBroker(Optional.of("robot-17"), entry -> {});
        accept(verifier, FORGE.token(claims("")));
        refuse(verifier, ISSUER.token(claims("")), TOKEN_INVALID);
        accept(verifier, ISSUER.token(claims("\"aud\":\"robot-17\"")));
    }

    @Test
    void withPublicKeysPermissionsHaveToBeSet() {
        JwtKey key = JwtKey.publicKey(ISSUER.publicKey());
        URI address = URI.create("https://id.example/keys");
        for (JwtTokenVerifierBuilder settings : new JwtTokenVerifierBuilder[] {
            JwtTokenVerifier.builder().key(key),
            settings().key(key),
            JwtTokenVerifier.builder().keySetUrl(address),
            settings().keySetUrl(address)
        }) {
            assertThatThrownBy(() -> settings.audience("robot-17").build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("defaultPermissions(...)", "permissions(...)");
        }
    }

    @Test
    void defaultPermissionsAreForTokensOfSharedSecretsAlone() throws Exception {
        Permissions pose = Permissions.none().subscribe("pose");
        JwtTokenVerifierBuilder secretFirst = settings().key(JwtKey.publicKey(ISSUER.publicKey()));
        JwtTokenVerifierBuilder publicFirst = publicKey().key(JwtKey.hmac(SECRET));
        for (JwtTokenVerifierBuilder both : new JwtTokenVerifierBuilder[] {secretFirst, publicFirst}) {
            JwtTokenVerifier verifier =
                    both.audience("robot-17").defaultPermissions(pose).build();
            String forUs = "\"aud\":\"robot-17\"";
            String listed = forUs + ",\"topics\":{\"publish\":[\"cmd_vel\"]}";

            assertThat(accept(verifier, FORGE.token(claims(forUs))).permissions())
                    .isEqualTo(pose);
            assertThat(accept(verifier, ISSUER.token(claims(forUs))).permissions())
                    .isEqualTo(Permissions.none());
            assertThat(accept(verifier, ISSUER.token(claims(listed))).permissions())
                    .isEqualTo(Permissions.none().publish("cmd_vel"));
        }
    }

    @Test
    void defaultPermissionsWithoutASharedSecretAreAMistake() {
        assertThatThrownBy(
                        () -> publicKey().defaultPermissions(Permissions.all()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("shared secrets", "permissions(...)", "Permissions.none()");
    }

    @Test
    void aFunctionMayDecideByTheKeyThatATokenWasVerifiedBy() throws Exception {
        JwtTokenVerifier verifier = JwtTokenVerifier.builder()
                .key(JwtKey.hmac(SECRET).withId("yard"))
                .key(JwtKey.publicKey(ISSUER.publicKey()).withId("cloud"))
                .key(JwtKey.publicKey(KeyForge.of(JwtAlgorithm.ED25519).publicKey()))
                .clock(CLOCK)
                .anyAudience()
                .permissions(claims -> Permissions.none()
                        .subscribe(claims.isSignedWithSecret() + "/"
                                + claims.keyId().orElse("none")))
                .build();
        // A header says nothing of it: these tokens name no key.
        assertThat(accept(verifier, FORGE.token(claims(""))).permissions())
                .isEqualTo(Permissions.none().subscribe("true/yard"));
        assertThat(accept(verifier, ISSUER.token(claims(""))).permissions())
                .isEqualTo(Permissions.none().subscribe("false/cloud"));
        assertThat(accept(verifier, KeyForge.of(JwtAlgorithm.ED25519).token(claims("")))
                        .permissions())
                .isEqualTo(Permissions.none().subscribe("false/none"));
    }

    @Test
    void aFunctionMayReadPermissionsFromAnyClaim() throws Exception {
        JwtTokenVerifier verifier = settings()
                .permissions(claims -> claims.texts("roles").contains("driver")
                        ? Permissions.none().publish("cmd_vel")
                        : Permissions.none().subscribe(claims.text("scope").orElse("pose")))
                .build();
        assertThat(accept(verifier, FORGE.token(claims("\"roles\":[\"driver\"]")))
                        .permissions())
                .isEqualTo(Permissions.none().publish("cmd_vel"));
        assertThat(accept(verifier, FORGE.token(claims("\"roles\":\"guest\",\"scope\":\"joints/#\"")))
                        .permissions())
                .isEqualTo(Permissions.none().subscribe("joints/#"));
        assertThat(accept(verifier, FORGE.token(claims("\"topics\":{\"publish\":[\"cmd_vel\"]}")))
                        .permissions())
                .as("the function decides, whatever the claim topics says")
                .isEqualTo(Permissions.none().subscribe("pose"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"roles\":7",
                "\"roles\":null",
                "\"roles\":{}",
                "\"roles\":[7]",
                "\"scope\":[\"pose\"]",
                "\"scope\":7",
                "\"scope\":\"a/#/b\""
            })
    void aClaimThatTheFunctionCannotReadRefusesTheToken(String members) {
        JwtTokenVerifier verifier = settings()
                .permissions(claims -> claims.texts("roles").contains("driver")
                        ? Permissions.all()
                        : Permissions.none().subscribe(claims.text("scope").orElse("pose")))
                .build();
        assertThat(refuse(verifier, FORGE.token(claims(members)), TOKEN_INVALID))
                .hasMessage("token's claims give no permissions: they are not of the form that this robot reads");
    }

    @Test
    void aFunctionSeesClaimsOfAnyFormAsJson() throws Exception {
        JwtTokenVerifier verifier = settings()
                .permissions(claims -> {
                    assertThat(claims.json("realm_access")).contains("{\"roles\":[\"driver\"]}");
                    assertThat(claims.json("missing")).isEmpty();
                    assertThat(claims).asString().doesNotContain("driver");
                    return Permissions.none();
                })
                .build();
        accept(verifier, FORGE.token(claims("\"realm_access\":{\"roles\":[\"driver\"]}")));
    }

    @Test
    void aFunctionThatReturnsNothingLetsNobodyIn() {
        JwtTokenVerifier verifier = settings().permissions(claims -> null).build();
        assertThatThrownBy(() -> verifier.verify(request(FORGE.token(claims("")))))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("permissions(...)");
        assertThatThrownBy(() -> settings()
                        .permissions(claims -> Permissions.none())
                        .defaultPermissions(Permissions.all())
                        .build())
                .hasMessageContaining("defaultPermissions(...)");
    }
}
