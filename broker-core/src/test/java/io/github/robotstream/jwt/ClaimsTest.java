package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.EXP;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.NOW;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token says once its signature is right (RFC 7519 section 4.1). */
class ClaimsTest {
    private static final long T = NOW.getEpochSecond();

    private final JwtTokenVerifier verifier = settings().build();

    @Test
    void thePrincipalIsTheSubjectUntilTheExpiryPlusTheSkew() throws Exception {
        ClientPrincipal principal = accept(verifier, FORGE.token(claims("\"sub\":\"operator-3\"")));
        assertThat(principal.name()).isEqualTo("operator-3");
        assertThat(principal.expiresAt()).contains(Instant.ofEpochSecond(EXP + 30));
        assertThat(principal.attributes()).isEmpty();
    }

    @Test
    void aTokenWithoutSubjectHasANameOfItsOwn() throws Exception {
        String name = accept(verifier, FORGE.token(claims(""))).name();
        assertThat(name).matches("token-[A-Za-z0-9_-]{16}");
        assertThat(accept(verifier, FORGE.token(claims(""))).name()).isEqualTo(name);
        assertThat(accept(verifier, FORGE.token(claims("\"jti\":\"2\""))).name())
                .startsWith("token-")
                .isNotEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\\nb", "a\\u0000", "a\\u2028b"})
    void aSubjectThatCannotBeANameIsRefused(String subject) {
        assertThat(refuse(verifier, FORGE.token(claims("\"sub\":\"" + subject + "\"")), TOKEN_INVALID))
                .hasMessageStartingWith("token's claim sub: principal name");
    }

    @Test
    void anEndlessSubjectIsRefused() {
        refuse(verifier, FORGE.token(claims("\"sub\":\"" + "n".repeat(256) + "\"")), TOKEN_INVALID);
    }

    @Test
    void aTokenThatNeverExpiresIsRefused() {
        assertThat(untold(verifier, FORGE.token("{\"sub\":\"operator-3\"}"))).contains("no claim exp");
    }

    @Test
    void theSkewProlongsTheExpiryByThatMuchAndNoMore() throws Exception {
        for (int skew : new int[] {0, 30, 300}) {
            JwtTokenVerifier skewed = settings().skew(Duration.ofSeconds(skew)).build();
            String last = FORGE.token("{\"exp\":" + (T - skew + 1) + "}");
            assertThat(accept(skewed, last).expiresAt()).contains(NOW.plusSeconds(1));
            // On or after that instant it must not be taken (RFC 7519 section 4.1.4).
            assertThat(refuse(skewed, FORGE.token("{\"exp\":" + (T - skew) + "}"), TOKEN_EXPIRED))
                    .hasMessageContaining(NOW.minusSeconds(skew).toString());
        }
    }

    @Test
    void aFractionOfASecondCounts() throws Exception {
        JwtTokenVerifier exact = settings().skew(Duration.ZERO).build();
        assertThat(accept(exact, FORGE.token("{\"exp\":" + T + ".5}")).expiresAt())
                .contains(NOW.plusMillis(500));
        refuse(exact, FORGE.token("{\"exp\":" + (T - 1) + ".999}"), TOKEN_EXPIRED);
    }

    @Test
    void theSkewLetsATokenInThatMuchBeforeItsTimeAndNoEarlier() throws Exception {
        for (int skew : new int[] {0, 30, 300}) {
            JwtTokenVerifier skewed = settings().skew(Duration.ofSeconds(skew)).build();
            accept(skewed, FORGE.token(claims("\"nbf\":" + (T + skew))));
            assertThat(refuse(skewed, FORGE.token(claims("\"nbf\":" + (T + skew + 1))), TOKEN_INVALID))
                    .hasMessageContaining(NOW.plusSeconds(skew + 1).toString());
        }
    }

    @Test
    void whenItWasIssuedIsNotJudged() throws Exception {
        accept(verifier, FORGE.token(claims("\"iat\":" + (T + 86_400))));
        accept(verifier, FORGE.token(claims("\"iat\":0")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "\"1893456000\"",
                "[1893456000]",
                "{}",
                "-1",
                "-1e300",
                "253402300800",
                "1e12",
                "1e300",
                "1e999",
                "1893456000000",
                "99999999999999999999999999"
            })
    void aDateThatIsNoTimeInSecondsIsRefused(String value) {
        refuse(verifier, FORGE.token("{\"exp\":" + value + "}"), TOKEN_INVALID);
        refuse(verifier, FORGE.token(claims("\"nbf\":" + value)), TOKEN_INVALID);
        refuse(verifier, FORGE.token(claims("\"iat\":" + value)), TOKEN_INVALID);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-0, 0", "0.0, 0", "1e-400, 0", "1.893456e9, 1893456000", "253402300799, 253402300799"})
    void aDateMayBeWrittenAsAnyJsonNumber(String written, long seconds) throws Exception {
        TokenClaims read = new TokenClaims(
                StrictJson.object(TokenForge.bytes("{\"d\":" + written + "}"), "claims"), JwtKey.hmac(new byte[32]));
        assertThat(read.date("d")).contains(Instant.ofEpochSecond(seconds));
        assertThat(read.json("d")).contains(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "7", "[\"a\"]", "{}"})
    void aTextThatIsNoTextIsRefused(String value) {
        for (String claim : new String[] {"sub", "iss", "jti"}) {
            assertThat(refuse(verifier, FORGE.token(claims("\"" + claim + "\":" + value)), TOKEN_INVALID))
                    .hasMessage("token's claim " + claim + " is not a JSON string");
        }
    }

    @Test
    void anIssuerIsAskedForOnlyIfOneIsSet() throws Exception {
        JwtTokenVerifier picky = settings().issuer("https://id.example").build();
        accept(picky, FORGE.token(claims("\"iss\":\"https://id.example\"")));
        accept(verifier, FORGE.token(claims("\"iss\":\"https://id.example\"")));
        for (String iss : new String[] {"", "\"iss\":\"https://id.example/\"", "\"iss\":\"HTTPS://id.example\""}) {
            assertThat(untold(picky, FORGE.token(claims(iss)))).contains("this robot expects https://id.example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"robot-17\"", "[\"robot-17\"]", "[\"robot-16\",\"robot-17\"]"})
    void aTokenForThisAudienceGetsIn(String audience) throws Exception {
        accept(settings().audience("robot-17").build(), FORGE.token(claims("\"aud\":" + audience)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"robot-1\"", "\"ROBOT-17\"", "\"robot-17 \"", "\"\"", "[]", "[\"robot-16\"]"})
    void aTokenForAnotherAudienceIsRefused(String audience) {
        JwtTokenVerifier named = settings().audience("robot-17").build();
        assertThat(untold(named, FORGE.token(claims("\"aud\":" + audience))))
                .contains("token's claim aud is '", "expects robot-17");
        // A verifier without a name is not meant by any of them either (RFC 7519 section 4.1.3).
        assertThat(untold(verifier, FORGE.token(claims("\"aud\":" + audience))))
                .contains("the verifier has no audience");
    }

    @Test
    void aTokenForAllIsRefusedWhereAnAudienceIsSet() {
        refuse(settings().audience("robot-17").build(), FORGE.token(claims("")), TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "17", "true", "{}", "[\"robot-17\",17]", "[\"robot-17\",null]", "[[\"robot-17\"]]"})
    void anAudienceOfAnotherTypeIsRefused(String audience) {
        JwtTokenVerifier named = settings().audience("robot-17").build();
        assertThat(refuse(named, FORGE.token(claims("\"aud\":" + audience)), TOKEN_INVALID))
                .hasMessageContaining("not a JSON string");
    }

    @Test
    void expiredIsSaidOnlyOfATokenThatIsGoodButForThat() {
        String old = "\"exp\":" + (T - 3600);
        refuse(verifier, FORGE.token("{" + old + "}"), TOKEN_EXPIRED);
        refuse(verifier, FORGE.token("{" + old + ",\"sub\":7}"), TOKEN_INVALID);
        refuse(verifier, FORGE.token("{" + old + ",\"aud\":\"x\"}"), TOKEN_INVALID);
        refuse(verifier, FORGE.token("{" + old + ",\"topics\":[]}"), TOKEN_INVALID);
        String forged = TokenForge.with(new byte[32], "HmacSHA256").token("{" + old + "}");
        assertThat(refuse(verifier, forged, TOKEN_INVALID)).message().doesNotContain("expired");
    }
}
