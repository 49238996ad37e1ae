package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.publicSettings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in PEM (RFC 7468). */
class PemKeyTest {
    private static final String CLAIMS = claims("\"aud\":\"robot-17\"");

    /** Self-signed and valid on one day of 2020: what is said about its key does not matter, the key does. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIUQpNK83vbTdKbTybcryU1GDMMGYMwCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGaXNzdWVyMB4XDTIwMDEwMTAwMDAwMFoXDTIwMDEwMjAwMDAw
            MFowETEPMA0GA1UEAwwGaXNzdWVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            OfVcLbncJcpoMz8P8GVbvJo8Tev4/2EEzwOIVVYagT5nZHucurDxl9DY0oMw+Dn3
            r+jrEmvjs3+mMp6xxqMvwaNTMFEwHQYDVR0OBBYEFAFMCPYCZ7I3sEsGf2wp/mvT
            wYY1MB8GA1UdIwQYMBaAFAFMCPYCZ7I3sEsGf2wp/mvTwYY1MA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgIeeU01jZFTfd8CIJjQ4SUF7s5UY6N5xH
            fSAOMowbnvoCIQD574Q3NV6mZ1O0kErTZJfXOQu91OBlanov66eDk9kTxQ==
            -----END CERTIFICATE-----
            """;

    private static final String ITS_KEY = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOfVcLbncJcpoMz8P8GVbvJo8Tev4
            /2EEzwOIVVYagT5nZHucurDxl9DY0oMw+Dn3r+jrEmvjs3+mMp6xxqMvwQ==
            -----END PUBLIC KEY-----
            """;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "HS.*")
    void aPublicKeyIsTakenForTheAlgorithmThatIsNamed(JwtAlgorithm algorithm) throws Exception {
        KeyForge issuer = KeyForge.of(algorithm);
        for (String pem : new String[] {
            issuer.pem(),
            issuer.pem().replace("\n", "\r\n"),
            "a note before\n" + issuer.pem() + "and after",
            issuer.pem().strip()
        }) {
            accept(
                    publicSettings(JwtKey.pem(pem).withAlgorithm(algorithm.tokenName()))
                            .build(),
                    issuer.token(CLAIMS));
        }
    }

    @Test
    void ofACertificateTheKeyIsTaken() {
        assertThat(PublicKeys.ofPem(CERTIFICATE)).isEqualTo(PublicKeys.ofPem(ITS_KEY));
        assertThat(JwtKey.pem(CERTIFICATE)).hasToString("JwtKey[ES256]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRIVATE KEY",
                "ENCRYPTED PRIVATE KEY",
                "RSA PRIVATE KEY",
                "EC PRIVATE KEY",
                "OPENSSH PRIVATE KEY"
            })
    void aPrivateKeyIsRefusedWithTheReasonAndNotShown(String label) {
        String secret = "aHVudGVyMmh1bnRlcjJodW50ZXIy";
        String pem = "-----BEGIN " + label + "-----\n" + secret + "\n-----END " + label + "-----\n";
        // Alone, and hidden before or behind a public one.
        for (String text : new String[] {pem, pem + ITS_KEY, ITS_KEY + pem, CERTIFICATE + pem}) {
            assertThatThrownBy(() -> JwtKey.pem(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("private key", "openssl pkey")
                    .message()
                    .doesNotContain(secret);
        }
    }

    @Test
    void whatIsNeitherKeyNorCertificateIsRefusedWithTheRemedy() {
        assertRefused("", "BEGIN PUBLIC KEY");
        assertRefused("MFkwEwYHKoZIzj0CAQ==", "BEGIN PUBLIC KEY");
        assertRefused(ITS_KEY.replace("PUBLIC KEY", "RSA PUBLIC KEY"), "openssl rsa -RSAPublicKey_in");
        assertRefused(ITS_KEY.replace("PUBLIC KEY", "CERTIFICATE REQUEST"), "holds a CERTIFICATE REQUEST");
        assertRefused(ITS_KEY.replace("PUBLIC KEY", "CERTIFICATE"), "no X.509");
        assertRefused(CERTIFICATE.replace("CERTIFICATE", "PUBLIC KEY"), "of no kind that is taken");
        assertRefused(ITS_KEY.replace("MFkw", "M*kw"), "base64");
        assertRefused(ITS_KEY.replace("-----END PUBLIC KEY-----", ""), "-----END PUBLIC KEY-----");
        assertRefused(ITS_KEY + ITS_KEY, "more than one");
        assertRefused(ITS_KEY.replace("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", ""), "of no kind that is taken");
        assertRefused("\n".repeat(70_000) + ITS_KEY, "65536");
    }

    /** A point that is not on the curve would let signatures be computed on a weaker one. */
    @Test
    void aPointThatIsNotOnTheCurveIsRefused() {
        byte[] der = Base64.getMimeDecoder().decode(ITS_KEY.replaceAll("-----[A-Z ]+-----", ""));
        der[der.length - 1] ^= (byte) 1;
        String pem =
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(der) + "\n-----END PUBLIC KEY-----";
        assertThatThrownBy(() -> JwtKey.pem(pem)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(String pem, String why) {
        assertThatThrownBy(() -> JwtKey.pem(pem))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
