package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against the verifier that brokers use. */
class TokenMintTest {
    private static final Instant NOW = Instant.parse("2026-11-24T05:30:00Z");

    private final Secret secret = Secret.random();
    private final TokenMint mint = new TokenMint(secret, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aTokenWithoutTopicsHasEveryRightOfAClient() throws Exception {
        ClientPrincipal principal = verified(mint.mint("operator-3", Duration.ofHours(1)), NOW);
        assertThat(principal.name()).isEqualTo("operator-3");
        assertThat(principal.permissions()).isEqualTo(Permissions.all());
    }

    @Test
    void aTokenWithRightsHasExactlyThose() throws Exception {
        String token =
                mint.mint("plotter", Duration.ofHours(1), List.of("pose", "joints/#"), List.of(), List.of("arm/#"));
        assertThat(verified(token, NOW).permissions())
                .isEqualTo(Permissions.none().subscribe("pose", "joints/#").call("arm/#"));
    }

    @Test
    void aTokenEndsWithItsTime() throws Exception {
        String token = mint.mint("operator-3", Duration.ofMinutes(15));
        assertThat(verified(token, NOW.plusSeconds(15 * 60 - 1)).expiresAt())
                .hasValueSatisfying(end -> assertThat(end).isAfterOrEqualTo(NOW.plusSeconds(15 * 60)));
        assertThatThrownBy(() -> verified(token, NOW.plusSeconds(30 * 60)))
                .isInstanceOfSatisfying(
                        TokenRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN_EXPIRED));
    }

    @Test
    void anotherSecretMakesNoGoodToken() {
        String token = new TokenMint(Secret.random(), Clock.fixed(NOW, ZoneOffset.UTC)).mint("x", Duration.ofHours(1));
        assertThatThrownBy(() -> verified(token, NOW)).isInstanceOf(TokenRejectedException.class);
    }

    private ClientPrincipal verified(String token, Instant at) throws Exception {
        return JwtTokenVerifier.hmac(secret.bytes())
                .clock(Clock.fixed(at, ZoneOffset.UTC))
                .build()
                .verify(new AccessRequest(
                        Optional.of(token),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        "/wss",
                        Optional.empty()));
    }
}
