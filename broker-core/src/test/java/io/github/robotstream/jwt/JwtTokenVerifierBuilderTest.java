package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTokenVerifierBuilderTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void aSecretIsNoKeyForAnAlgorithmOfPublicKeys(JwtAlgorithm algorithm) {
        assertThatThrownBy(() -> JwtKey.hmac(new byte[64]).withAlgorithm(algorithm.tokenName()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("algorithm is \"" + algorithm.tokenName()
                        + "\": a key that is a secret goes with HS256, HS384, HS512");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "HS.*")
    void aSecretShorterThanTheHashIsRefusedAndNotShown(JwtAlgorithm algorithm) {
        byte[] secret = TokenForge.bytes("hunter2".repeat(10));
        byte[] shorter = Arrays.copyOf(secret, algorithm.minSecretBytes() - 1);
        assertThatThrownBy(() -> JwtKey.hmac(shorter).withAlgorithm(algorithm.name()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(shorter.length + " bytes", algorithm + " needs", "RFC 7518")
                .message()
                .doesNotContain("hunter2");
        JwtKey.hmac(Arrays.copyOf(secret, algorithm.minSecretBytes())).withAlgorithm(algorithm.name());
    }

    @Test
    void aVerifierWithoutKeysIsRefused() {
        assertThatThrownBy(() -> JwtTokenVerifier.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no key is set");
    }

    @Test
    void anEmptySecretIsRefused() {
        assertThatThrownBy(() -> JwtTokenVerifier.hmac(new byte[0])).hasMessageContaining("0 bytes");
    }

    @Test
    void theSecretIsCopiedSoItCanBeWiped() throws Exception {
        byte[] secret = SECRET.clone();
        JwtTokenVerifierBuilder settings = JwtTokenVerifier.hmac(secret).clock(VerifierFixture.CLOCK);
        Arrays.fill(secret, (byte) 0);
        JwtTokenVerifier verifier = settings.build();
        accept(verifier, FORGE.token(claims("")));
        refuse(verifier, TokenForge.with(new byte[32], "HmacSHA256").token(claims("")), TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT-1H", "PT5M0.000000001S", "PT1H"})
    void aSkewOutOfBoundsIsRefusedWithItsValue(String skew) {
        assertThatThrownBy(() -> settings().skew(Duration.parse(skew)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("skew is " + Duration.parse(skew));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void aBlankIssuerOrAudienceIsRefused(String blank) {
        assertThatThrownBy(() -> settings().issuer(blank)).hasMessageContaining("issuer is blank");
        assertThatThrownBy(() -> settings().audience(blank)).hasMessageContaining("audience is blank");
    }

    @Test
    void whatIsSetAfterBuildDoesNotChangeTheVerifier() throws Exception {
        JwtTokenVerifierBuilder settings = settings();
        JwtTokenVerifier before = settings.build();
        JwtTokenVerifier after = settings.audience("robot-17").build();
        accept(before, FORGE.token(claims("")));
        refuse(after, FORGE.token(claims("")), TOKEN_INVALID);
    }

    @Test
    void theClockIsReadForEachToken() throws Exception {
        Instant[] now = {VerifierFixture.NOW};
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
        JwtTokenVerifier verifier = settings().clock(clock).build();
        String token = FORGE.token(claims(""));
        accept(verifier, token);
        now[0] = VerifierFixture.NOW.plusSeconds(3600 + 30);
        refuse(verifier, token, TOKEN_EXPIRED);
    }

    @Test
    void theSystemsClockIsTheDefault() throws Exception {
        long now = Instant.now().getEpochSecond();
        JwtTokenVerifier verifier = JwtTokenVerifier.hmac(SECRET).build();
        accept(verifier, FORGE.token("{\"exp\":" + (now + 3600) + "}"));
        refuse(verifier, FORGE.token("{\"exp\":" + (now - 3600) + "}"), TOKEN_EXPIRED);
    }

    @Test
    void noTextOfVerifierOrSettingsShowsTheSecret() {
        JwtTokenVerifierBuilder settings = settings().audience("robot-17").issuer("https://id.example");
        assertThat(settings.build())
                .hasToString("JwtTokenVerifier[HS256, skew PT30S, issuer https://id.example, audience robot-17]");
        assertThat(settings().build()).hasToString("JwtTokenVerifier[HS256, skew PT30S]");
        assertThat(settings).asString().doesNotContain(new String(SECRET, StandardCharsets.UTF_8));
    }

    @Test
    void theBrokerNeedsNoPoolForIt() {
        assertThat(settings().build().mayBlock()).isFalse();
    }
}
