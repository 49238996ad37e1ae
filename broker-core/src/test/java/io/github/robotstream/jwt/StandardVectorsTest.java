package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.TokenForge.base64Url;
import static io.github.robotstream.jwt.TokenForge.bytes;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The public-key examples of RFC 7515, 7520 and 8037, as they are printed and forged from them. */
class StandardVectorsTest {
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_300_819_380);
    private static final String NO_CLAIMS = "claims is not one strict JSON object";

    private static JwtTokenVerifier verifier(StandardVectors vector, Instant now) throws IOException {
        JwtTokenVerifierBuilder settings = new JwtTokenVerifierBuilder();
        JwkReader.keys(JwkReader.read(bytes(vector.keySet()))).keys().forEach(settings::key);
        return settings.clock(Clock.fixed(now, ZoneOffset.UTC))
                .clockIsSetFrom(Instant.EPOCH)
                .anyAudience()
                .defaultPermissions(Permissions.none())
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void itsSignatureIsGood(StandardVectors vector) throws Exception {
        if (vector.isJwt()) {
            assertThat(accept(verifier(vector, EXPIRY.minusSeconds(1)), vector.token)
                            .expiresAt())
                    .contains(EXPIRY.plusSeconds(30));
            refuse(verifier(vector, VerifierFixture.NOW), vector.token, TOKEN_EXPIRED);
        } else {
            // A signed sentence: past the signature, and no token.
            assertThat(refuse(verifier(vector, EXPIRY), vector.token, TOKEN_INVALID))
                    .hasMessageContaining(NO_CLAIMS);
        }
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(StandardVectors.values())
                .flatMap(vector -> forgedFrom(vector).stream().map(forged -> Arguments.of(vector, forged)));
    }

    private static List<String> forgedFrom(StandardVectors vector) {
        String header = vector.parts().get(0);
        String claims = vector.parts().get(1);
        String signature = vector.parts().get(2);
        String signed = header + "." + claims + ".";
        List<String> forged = new ArrayList<>(List.of(
                signed,
                header + "." + claims,
                header + ".." + signature,
                "." + claims + "." + signature,
                claims + "." + header + "." + signature,
                vector.token + ".",
                vector.token + "." + signature,
                vector.token + vector.token,
                vector.token + "=",
                vector.token + " ",
                signed + signature + "AA",
                signed + signature.substring(2),
                signed + signature.substring(0, signature.length() - 2),
                signed + base64Url(new byte[signature.length() * 3 / 4]),
                signed + signature.substring(0, signature.length() - 1) + nextSpelling(signature),
                signed + signature.replace('-', '+').replace('_', '/'),
                signed + signature.toUpperCase(Locale.ROOT),
                header + "." + base64Url("{\"iss\":\"joe\",\"exp\":9900819380}") + "." + signature,
                header + "." + claims.substring(0, claims.length() - 4) + "." + signature,
                base64Url("{\"alg\":\"none\"}") + "." + claims + ".",
                base64Url("{\"alg\":\"none\"}") + "." + claims + "." + signature,
                "{\"protected\":\"" + header + "\",\"payload\":\"" + claims + "\",\"signature\":\"" + signature + "\"}",
                // Signed as HS256 with what the verifier holds of the key.
                TokenForge.with(bytes(vector.jwk), "HmacSHA256")
                        .sign(base64Url("{\"alg\":\"HS256\"}") + "." + claims)));
        for (String alg : List.of("HS256", "RS256", "RS512", "PS256", "PS384", "ES256", "ES512", "EdDSA", "ES256K")) {
            // The right signature under a header that names another algorithm.
            String other = base64Url("{\"alg\":\"" + alg + "\"}");
            if (!other.equals(header)) {
                forged.add(other + "." + claims + "." + signature);
            }
        }
        return forged;
    }

    /** The last character with a loose bit flipped; or, where it has none, another character. */
    private static char nextSpelling(String signature) {
        char last = signature.charAt(signature.length() - 1);
        return last == 'Z' || last == 'z' || last == '9' || last == '_' || last == '-' ? 'x' : (char) (last + 1);
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgeryOfItIsRefused(StandardVectors vector, String forged) throws Exception {
        assertThat(forged).isNotEqualTo(vector.token);
        assertThat(refuse(verifier(vector, EXPIRY.minusSeconds(1)), forged, TOKEN_INVALID))
                .message()
                .doesNotContain(NO_CLAIMS);
    }

    @ParameterizedTest
    @EnumSource
    void itIsRefusedWithAnyCharacterChanged(StandardVectors vector) throws Exception {
        JwtTokenVerifier verifier = verifier(vector, EXPIRY.minusSeconds(1));
        for (int i = 0; i < vector.token.length(); i++) {
            char[] text = vector.token.toCharArray();
            text[i] ^= (char) 1;
            assertThat(refuse(verifier, new String(text), TOKEN_INVALID))
                    .message()
                    .doesNotContain(NO_CLAIMS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noneGetsInByTheKeyOfAnother(StandardVectors vector) throws Exception {
        for (StandardVectors other : StandardVectors.values()) {
            if (!other.jwk.equals(vector.jwk) || other.algorithm != vector.algorithm) {
                assertThat(refuse(verifier(other, EXPIRY.minusSeconds(1)), vector.token, TOKEN_INVALID))
                        .message()
                        .doesNotContain(NO_CLAIMS);
            }
        }
    }
}
