package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.untold;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The HMAC examples of the standards, as they are printed and forged from them. */
class PublishedVectorsTest {
    // RFC 7515 appendix A.1: a token of 2011 with issuer joe.
    private static final byte[] RFC7515_KEY = Base64.getUrlDecoder()
            .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    private static final String HEADER = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    private static final String CLAIMS =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private static final String SIGNATURE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String RFC7515_TOKEN = HEADER + "." + CLAIMS + "." + SIGNATURE;
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_300_819_380);

    // RFC 7520 section 4.4: a signed sentence, so good as a signature and no JWT.
    private static final byte[] RFC7520_KEY =
            Base64.getUrlDecoder().decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg");
    private static final String RFC7520_TOKEN =
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9"
                    + ".SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
                    + ".s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

    private static JwtTokenVerifier at(Instant now, byte[] key) {
        return JwtTokenVerifier.hmac(key)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .clockIsSetFrom(Instant.EPOCH)
                .build();
    }

    @Test
    void theTokenOfRfc7515GetsInWhileItIsValid() throws Exception {
        ClientPrincipal principal = accept(at(EXPIRY.minusSeconds(1), RFC7515_KEY), RFC7515_TOKEN);
        assertThat(principal.name()).startsWith("token-");
        assertThat(principal.expiresAt()).contains(EXPIRY.plusSeconds(30));
    }

    @Test
    void theTokenOfRfc7515IsExpiredToday() {
        assertThat(refuse(at(VerifierFixture.NOW, RFC7515_KEY), RFC7515_TOKEN, TOKEN_EXPIRED))
                .hasMessageContaining("2011-03-22T18:43:00Z");
    }

    @Test
    void theSignedSentenceOfRfc7520HasAGoodSignatureAndIsNoToken() {
        assertThat(refuse(at(EXPIRY, RFC7520_KEY), RFC7520_TOKEN, TOKEN_INVALID))
                .hasMessageContaining("claims is not one strict JSON object");
        assertThat(untold(at(EXPIRY, RFC7515_KEY), RFC7520_TOKEN)).contains("signature is wrong");
    }

    @Test
    void theUnencodedPayloadOfRfc7797IsRefused() {
        String token = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02"
                + ".A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
        refuse(at(EXPIRY, RFC7515_KEY), token, TOKEN_INVALID);
    }

    static Stream<String> forgedFromRfc7515() {
        return Stream.of(
                HEADER + "." + CLAIMS + ".",
                HEADER + "." + CLAIMS,
                HEADER + ".." + SIGNATURE,
                "." + CLAIMS + "." + SIGNATURE,
                CLAIMS + "." + HEADER + "." + SIGNATURE,
                RFC7515_TOKEN + ".",
                "." + RFC7515_TOKEN,
                RFC7515_TOKEN + "." + SIGNATURE,
                RFC7515_TOKEN + "." + SIGNATURE + "." + SIGNATURE,
                // Another spelling of the same last bits: k, l, m and n all end the same 32 bytes.
                HEADER + "." + CLAIMS + "." + SIGNATURE.replaceAll("k$", "l"),
                HEADER + "." + CLAIMS + "." + SIGNATURE + "=",
                HEADER + "." + CLAIMS + "." + SIGNATURE.replace('-', '+').replace('_', '/'),
                HEADER + "." + CLAIMS + "." + SIGNATURE.substring(0, 42),
                HEADER + "." + CLAIMS + "." + SIGNATURE + "AA",
                HEADER + "." + CLAIMS + "." + SIGNATURE.toLowerCase(Locale.ROOT),
                // The claims with a member changed, the signature kept.
                HEADER + "." + TokenForge.base64Url("{\"iss\":\"joe\",\r\n \"exp\":9900819380}") + "." + SIGNATURE,
                // The signature of no algorithm, over the same claims.
                TokenForge.base64Url("{\"alg\":\"none\"}") + "." + CLAIMS + ".",
                TokenForge.base64Url("{\"alg\":\"none\"}") + "." + CLAIMS + "." + SIGNATURE,
                // The JSON serialization of RFC 7515 section 7.2.
                "{\"protected\":\"" + HEADER + "\",\"payload\":\"" + CLAIMS + "\",\"signature\":\"" + SIGNATURE
                        + "\"}");
    }

    @ParameterizedTest
    @MethodSource("forgedFromRfc7515")
    void aForgeryOfItIsRefused(String forged) {
        assertThat(forged).isNotEqualTo(RFC7515_TOKEN);
        refuse(at(EXPIRY.minusSeconds(1), RFC7515_KEY), forged, TOKEN_INVALID);
    }

    @Test
    void itIsRefusedWithAnyOneBitChanged() {
        JwtTokenVerifier verifier = at(EXPIRY.minusSeconds(1), RFC7515_KEY);
        IntStream.range(0, RFC7515_TOKEN.length() * 7).forEach(bit -> {
            char[] text = RFC7515_TOKEN.toCharArray();
            text[bit / 7] ^= (char) (1 << (bit % 7));
            refuse(verifier, new String(text), TOKEN_INVALID);
        });
    }
}
