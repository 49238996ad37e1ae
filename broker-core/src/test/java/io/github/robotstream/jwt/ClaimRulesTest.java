package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.EXP;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.NOW;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.request;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for claims that a program may set. */
class ClaimRulesTest {
    private static final long T = NOW.getEpochSecond();

    @Test
    void aTokenWithoutExpiryGetsInOnlyIfThatWasSaid() throws Exception {
        String endless = FORGE.token("{}");
        refuse(settings().build(), endless, TOKEN_INVALID);
        JwtTokenVerifier verifier = settings().withoutExpiry().build();
        assertThat(accept(verifier, endless).expiresAt()).isEmpty();
        assertThat(accept(verifier, FORGE.token(claims(""))).expiresAt()).contains(Instant.ofEpochSecond(EXP + 30));
        refuse(verifier, FORGE.token("{\"exp\":" + (T - 60) + "}"), TOKEN_EXPIRED);
        refuse(verifier, FORGE.token("{\"exp\":null}"), TOKEN_INVALID);
        refuse(verifier, FORGE.token("{\"nbf\":" + (T + 60) + "}"), TOKEN_INVALID);
    }

    @Test
    void aTokenOfALongerLifeIsRefused() throws Exception {
        JwtTokenVerifier verifier = settings().maxLifetime(Duration.ofHours(1)).build();
        accept(verifier, life(T, T + 3600));
        accept(verifier, life(T - 1800, T + 1800));
        // The issuer's clock may go before ours by the skew.
        accept(verifier, life(T + 30, T + 3630));
        accept(verifier, FORGE.token("{\"exp\":" + (T + 3600) + "}"));
        for (String longer : new String[] {
            life(T, T + 3601),
            life(T - 3600, T + 1),
            FORGE.token("{\"exp\":" + (T + 3601) + "}"),
            // Issued in a time to come, so that its life seems short.
            life(T + 86_400, T + 90_000)
        }) {
            assertThat(untold(verifier, longer)).contains("longer than PT1H");
        }
    }

    private static String life(long issued, long expiry) {
        return FORGE.token("{\"iat\":" + issued + ",\"exp\":" + expiry + "}");
    }

    @Test
    void aTypeThatIsSetMustBeThere() throws Exception {
        JwtTokenVerifier verifier = settings().type("at+jwt").build();
        for (String good : new String[] {"at+jwt", "AT+JWT", "application/at+jwt"}) {
            accept(verifier, FORGE.token("{\"alg\":\"HS256\",\"typ\":\"" + good + "\"}", claims("")));
        }
        for (String bad : new String[] {"\"JWT\"", "\"at+jw\"", "\"x/at+jwt\"", "\"\"", "null", "7"}) {
            assertThat(untold(verifier, FORGE.token("{\"alg\":\"HS256\",\"typ\":" + bad + "}", claims(""))))
                    .contains("typ");
        }
        refuse(verifier, FORGE.token("{\"alg\":\"HS256\"}", claims("")), TOKEN_INVALID);
    }

    @Test
    void anyAudienceLooksAtNone() throws Exception {
        JwtTokenVerifier verifier = settings().anyAudience().build();
        accept(verifier, FORGE.token(claims("\"aud\":\"somebody\"")));
        accept(verifier, FORGE.token(claims("")));
        refuse(verifier, FORGE.token(claims("\"aud\":7")), TOKEN_INVALID);
    }

    @Test
    void aTokensIdIsAnAttributeOfItsOwner() throws Exception {
        assertThat(accept(settings().build(), FORGE.token(claims("\"jti\":\"t-4711\"")))
                        .attributes())
                .containsOnly(org.assertj.core.api.Assertions.entry("jti", "t-4711"));
        refuse(settings().build(), FORGE.token(claims("\"jti\":\"" + "t".repeat(256) + "\"")), TOKEN_INVALID);
    }

    private static JwtTokenVerifierBuilder at(String time) {
        return settings().clock(Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:30Z", "2000-01-01T00:00:00Z", "2019-12-31T23:59:59Z"})
    void aRobotWhoseClockIsNotSetLetsNobodyInAndKeepsTheirTokensGood(String time) throws Exception {
        // An expired token looks good to a clock that stands in the past.
        String expired = FORGE.token("{\"exp\":" + (T - 86_400) + "}");
        assertThatThrownBy(() -> at(time).build().verify(request(expired)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(time, "trustTokensUntilClockIsSet()");
        refuse(settings().build(), expired, TOKEN_EXPIRED);
    }

    @Test
    void aRobotMayBeToldToLetTokensOfAnyTimeInWhileItsClockIsNotSet() throws Exception {
        JwtTokenVerifier boot = at("1970-01-01T00:00:30Z")
                .maxLifetime(Duration.ofHours(1))
                .trustTokensUntilClockIsSet()
                .build();
        String token = FORGE.token(claims("\"nbf\":" + T + ",\"iat\":" + T));
        assertThat(accept(boot, token).expiresAt()).contains(Instant.ofEpochSecond(EXP + 30));
        refuse(boot, FORGE.token("{\"sub\":\"no exp\"}"), TOKEN_INVALID);
        refuse(boot, FORGE.token("{\"exp\":\"soon\"}"), TOKEN_INVALID);
        // Once it is set, all is as ever.
        JwtTokenVerifier set = settings().trustTokensUntilClockIsSet().build();
        refuse(set, FORGE.token("{\"exp\":" + (T - 86_400) + "}"), TOKEN_EXPIRED);
    }

    @Test
    void sinceWhenAClockCountsAsSetCanBeTold() {
        String token = FORGE.token(claims(""));
        assertThatThrownBy(() ->
                        settings().clockIsSetFrom(NOW.plusSeconds(1)).build().verify(request(token)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> settings()
                        .clockIsSetFrom(NOW.plusSeconds(1))
                        .build()
                        .verify(request(
                                TokenForge.with(new byte[32], "HmacSHA256").token(claims("")))))
                .as("a forged token is refused all the same")
                .hasMessage(Rejections.MESSAGE);
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> settings().audience("a").anyAudience().build()).hasMessageContaining("anyAudience()");
        assertThatThrownBy(() -> settings()
                        .withoutExpiry()
                        .maxLifetime(Duration.ofHours(1))
                        .build())
                .hasMessageContaining("withoutExpiry()");
        assertThatThrownBy(() -> settings().maxLifetime(Duration.ZERO)).hasMessageContaining("maxLifetime is PT0S");
        assertThatThrownBy(() -> settings().type(" ")).hasMessageContaining("type is blank");
    }
}
