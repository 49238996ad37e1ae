package io.github.robotstream.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;

/** Tokens of a company's identity provider were made for many applications: only those for this robot get in. */
class AudienceTest {

    private static JwtTokenVerifierBuilder verifier() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        return JwtTokenVerifier.builder()
                .key(JwtKey.publicKey(keys.generateKeyPair().getPublic()))
                .permissions(claims -> Permissions.all());
    }

    @Test
    void aBrokerWithoutNameOrAudienceDoesNotStartOnPublicKeys() throws Exception {
        BrokerBuilder unnamed =
                RobotStreamBroker.builder().port(0).tokenVerifier(verifier().build());
        assertThatIllegalStateException().isThrownBy(unnamed::start).withMessageContaining("audience");
    }

    @Test
    void theNameOfTheBrokerIsTheAudience() throws Exception {
        try (RobotStreamBroker named = RobotStreamBroker.builder()
                .name("arm-3")
                .port(0)
                .tokenVerifier(verifier().build())
                .start()) {
            assertThat(named.address().getPort()).isPositive();
        }
    }
}
