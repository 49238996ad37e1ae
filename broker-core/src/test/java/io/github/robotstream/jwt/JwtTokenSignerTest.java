package io.github.robotstream.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A token that the signer makes is what the verifier of the same secret accepts, with the rights that were named. */
class JwtTokenSignerTest {
    private static final byte[] SECRET = "a secret of 32 bytes, for tests.".getBytes(UTF_8);

    private static ClientPrincipal verified(String token) throws Exception {
        return JwtTokenVerifier.hmac(SECRET).build().verify(VerifierFixture.request(token));
    }

    @Test
    void oneLineMakesATokenThatIsAccepted() throws Exception {
        ClientPrincipal client =
                verified(JwtTokenSigner.hmac(SECRET).subject("operator-3").sign());
        assertThat(client.name()).isEqualTo("operator-3");
        assertThat(client.permissions().maySubscribe(TopicFilter.of("pose"))).isTrue();
    }

    @Test
    void namedRightsAreAllThatItHas() throws Exception {
        ClientPrincipal client = verified(JwtTokenSigner.hmac(SECRET)
                .subject("operator-3")
                .subscribe("joints/#", "pose")
                .publish("cmd_vel")
                .sign());
        assertThat(client.permissions().maySubscribe(TopicFilter.of("joints/left")))
                .isTrue();
        assertThat(client.permissions().maySubscribe(TopicFilter.of("camera"))).isFalse();
        assertThat(client.permissions().mayPublish("cmd_vel")).isTrue();
        assertThat(client.permissions().mayPublish("stop")).isFalse();
    }

    @Test
    void itEndsAfterItsLifetime() {
        Clock anHourAgo = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
        JwtTokenSigner signer = JwtTokenSigner.hmac(SECRET)
                .subject("operator-3")
                .lifetime(Duration.ofMinutes(10))
                .clock(anHourAgo);
        assertThatThrownBy(() -> verified(signer.sign()))
                .isInstanceOf(TokenRejectedException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void whatMakesNoTokenIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> JwtTokenSigner.hmac(new byte[31]));
        JwtTokenSigner signer = JwtTokenSigner.hmac(SECRET);
        assertThatIllegalStateException().isThrownBy(signer::sign).withMessageContaining("subject(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signer.lifetime(Duration.ofMillis(999)))
                .withMessageContaining("PT0.999S");
    }

    @Test
    void itsTextHasNoSecret() {
        assertThat(JwtTokenSigner.hmac(SECRET).subject("operator-3"))
                .hasToString("JwtTokenSigner[subject=operator-3, lifetime=PT1H]");
    }
}
