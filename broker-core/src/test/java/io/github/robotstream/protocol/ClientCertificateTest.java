package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client's certificate is good for, and until when by the robot's clock. */
@Timeout(60)
class ClientCertificateTest {
    /** Of the robot and of its clients. */
    private static final TestCertificate BOTH = TestCertificate.SHARED;

    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final TokenTable tokens = new TokenTable().with("t", ClientPrincipal.of("operator", Permissions.all()));
    private Consumer<BrokerBuilder> mutualTls;
    private BrokerUnderTest test;

    @BeforeEach
    void writeFiles() throws IOException {
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), BOTH.certificatePem());
        Path key = Files.writeString(directory.resolve("key.pem"), BOTH.keyPem());
        TlsSettings settings = TlsSettings.pem(certificate, key).clientCertificates(certificate, Permissions.all());
        mutualTls = builder -> builder.tls(settings);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void start(Way way, TokenVerifier verifier, Consumer<BrokerBuilder> settings) throws IOException {
        test = new BrokerUnderTest(way, settings.andThen(builder -> builder.tokenVerifier(verifier)));
        test.clock.setWall(BOTH.certificate().getNotAfter().toInstant().minus(SECOND));
    }

    private static String auth(String token) {
        return ProtocolContract.json("{'action':'auth','id':1,'token':'" + token + "'}");
    }

    @Test
    void aVerifierSeesTheCertificateOfTheConnectionThatATokenCameOn() throws Exception {
        start(Way.THROUGH_TLS, tokens, mutualTls);
        test.connect("token=t").ask(auth("t"));

        assertThat(tokens.asked)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.certificates()).containsExactly(BOTH.certificate()));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void withoutMutualTlsThereIsNoCertificate(Way way) throws Exception {
        start(way, tokens, builder -> {});
        test.connect("token=t").ask(auth("t"));

        assertThat(tokens.asked)
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.certificates()).isEmpty());
    }

    /** The token of whoever shows the robot's own certificate. */
    private static ClientPrincipal bound(AccessRequest request) throws TokenRejectedException {
        String subject = request.certificates().stream()
                .findFirst()
                .map(own -> own.getSubjectX500Principal().getName())
                .orElseThrow(() -> new TokenRejectedException(
                        TokenRejectedException.Reason.TOKEN_INVALID, "the token is bound to a certificate"));
        return ClientPrincipal.of(subject, Permissions.all());
    }

    @Test
    void aTokenCanBeBoundToACertificateUntilThatExpires() throws Exception {
        start(Way.THROUGH_TLS, ClientCertificateTest::bound, mutualTls);
        ContractClient client = test.connect("token=t");
        assertThat(client.ask(auth("t"))).contains("\"ack\"");

        test.advance(SECOND);

        assertThat(client.ask(auth("t"))).contains("\"unauthorized\"");
        assertThat(test.connect("token=t", Map.of("Origin", "https://a.example"))
                        .closeWord())
                .isEqualTo("token_invalid");
    }

    @Test
    void whoWasLetInByACertificateIsSentAwayWhenItExpires() throws Exception {
        start(Way.THROUGH_TLS, tokens, mutualTls);
        ContractClient client = test.connect();
        test.advance(SECOND.minusMillis(1));
        client.hearsNothing();

        test.advance(Duration.ofMillis(1));

        assertThat(client.closeCode()).isEqualTo(4401);
        assertThat(client.closeWord()).isEqualTo("token_expired");
    }

    @Test
    void aCertificateThatIsOverByTheClockThatWasSetAheadEndsItsSession() throws Exception {
        start(Way.THROUGH_TLS, tokens, mutualTls);
        ContractClient client = test.connect();

        test.clock.setWall(test.clock.now().plus(Duration.ofDays(365)));
        test.advance(SECOND);

        assertThat(client.closeCode()).isEqualTo(4401);
    }

    @Test
    void nobodyGetsInByACertificateThatHasExpired() throws Exception {
        start(Way.THROUGH_TLS, tokens, mutualTls);
        Instant end = BOTH.certificate().getNotAfter().toInstant();
        test.clock.setWall(end);

        // From a page of the robot itself, which is told by close code.
        ContractClient client = test.connect("", Map.of("Origin", "https://127.0.0.1"));

        assertThat(client.closeWord()).isEqualTo("token_expired");
        assertThat(test.broker().sessions()).isEmpty();
    }
}
