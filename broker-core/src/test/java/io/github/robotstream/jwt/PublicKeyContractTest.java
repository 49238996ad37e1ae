package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.NOW;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.publicSettings;

import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.tck.TokenVerifierContract;
import java.util.List;
import java.util.Optional;

/** What the broker relies on, with the key pair of an issuer. */
class PublicKeyContractTest extends TokenVerifierContract {
    private static final KeyForge ISSUER = KeyForge.of(JwtAlgorithm.ED25519);
    private static final String CLAIMS = claims("\"aud\":\"robot-17\",\"sub\":\"operator-3\","
            + "\"topics\":{\"subscribe\":[\"pose\"],\"publish\":[\"cmd_vel\"]}");
    private static final String GOOD = ISSUER.withKid("1", CLAIMS);

    @Override
    protected TokenVerifier verifier() {
        return publicSettings(JwtKey.publicKey(ISSUER.publicKey()).withId("1")).build();
    }

    @Override
    protected String goodToken() {
        return GOOD;
    }

    @Override
    protected String expectedName() {
        return "operator-3";
    }

    @Override
    protected Permissions expectedPermissions() {
        return Permissions.none().subscribe("pose").publish("cmd_vel");
    }

    @Override
    protected Optional<String> expiredToken() {
        long past = NOW.minusSeconds(60).getEpochSecond();
        return Optional.of(ISSUER.token("{\"aud\":\"robot-17\",\"exp\":" + past + "}"));
    }

    @Override
    protected List<String> badTokens() {
        return List.of(
                KeyForge.named("another", JwtAlgorithm.ED25519).withKid("1", CLAIMS),
                ISSUER.withKid("2", CLAIMS),
                ISSUER.token("{\"alg\":\"none\"}", CLAIMS),
                ISSUER.token(claims("\"aud\":\"robot-18\"")));
    }
}
