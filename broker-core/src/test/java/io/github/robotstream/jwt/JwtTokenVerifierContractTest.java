package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.NOW;
import static io.github.robotstream.jwt.VerifierFixture.claims;

import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.tck.TokenVerifierContract;
import java.util.List;
import java.util.Optional;

class JwtTokenVerifierContractTest extends TokenVerifierContract {
    private static final String CLAIMS =
            claims("\"sub\":\"operator-3\",\"topics\":{\"subscribe\":[\"pose\"],\"publish\":[\"cmd_vel\"]}");

    @Override
    protected TokenVerifier verifier() {
        return VerifierFixture.settings().build();
    }

    @Override
    protected String goodToken() {
        return FORGE.token(CLAIMS);
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
        return Optional.of(FORGE.token("{\"exp\":" + NOW.minusSeconds(60).getEpochSecond() + "}"));
    }

    @Override
    protected List<String> badTokens() {
        return List.of(
                TokenForge.with(new byte[32], "HmacSHA256").token(CLAIMS),
                FORGE.token("{\"alg\":\"none\"}", CLAIMS),
                FORGE.token("{\"sub\":\"operator-3\"}"));
    }
}
