package io.github.robotstream.internal.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.testing.HttpRefused;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.Tokens;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates from files, and clients that come with a certificate. */
@Timeout(60)
class TlsSettingsTest {
    private static final TestCertificate ROBOT = TestCertificate.SHARED;

    private static final byte[] SECRET = "a secret of thirty-two characters".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private TlsSettings pem(TestCertificate certificate) throws IOException {
        return TlsSettings.pem(
                write("certificate.pem", certificate.certificatePem()), write("key.pem", certificate.keyPem()));
    }

    private static RobotStreamBroker start(TlsSettings settings) throws IOException {
        return RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .tls(settings)
                .start();
    }

    private static SocketTestClient connect(RobotStreamBroker broker, SSLContext client, String query)
            throws IOException {
        return SocketTestClient.to(broker.address())
                .through(client.getSocketFactory())
                .target("/wss" + query)
                .connect();
    }

    @ParameterizedTest
    @CsvSource({"RSA,-keysize,2048", "EC,-groupname,secp384r1", "Ed25519,-sigalg,Ed25519"})
    void keysInPemAreTaken(String algorithm, String option, String value) throws Exception {
        TestCertificate certificate = TestCertificate.make("CN=robot", "-keyalg", algorithm, option, value);
        try (RobotStreamBroker broker = start(pem(certificate))) {
            connect(broker, certificate.context(), "").abort();
        }
    }

    @Test
    void aPkcs12FileIsTaken() throws Exception {
        Path file = directory.resolve("robot.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            ROBOT.store().store(out, TestCertificate.PASSWORD);
        }
        try (RobotStreamBroker broker = start(TlsSettings.pkcs12(file, TestCertificate.PASSWORD))) {
            connect(broker, ROBOT.context(), "").abort();
        }
        assertThatThrownBy(() -> start(TlsSettings.pkcs12(file, "wrong-one".toCharArray())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("robot.p12")
                .hasMessageNotContaining("wrong-one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void otherFormsOfKeysAreRefusedWithTheLineThatConvertsThem(String label) throws Exception {
        Path certificate = write("certificate.pem", ROBOT.certificatePem());
        Path key = write("key.pem", ROBOT.keyPem().replace("PRIVATE KEY", label));

        assertThatThrownBy(() -> start(TlsSettings.pem(certificate, key)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(label)
                .hasMessageContaining("openssl pkey -in " + key + " -out ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"genrsa -traditional -out KEY 2048", "genrsa -aes128 -passout pass:secret -out KEY 2048"})
    void whatOpensslWritesOtherwiseIsRefused(String arguments) throws Exception {
        Path key = directory.resolve("openssl.pem");
        try {
            Process openssl =
                    new ProcessBuilder(("openssl " + arguments.replace("KEY", key.toString())).split(" ")).start();
            assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (IOException none) {
            Assumptions.abort("openssl is not installed, so its keys cannot be tried");
        }
        Path certificate = write("certificate.pem", ROBOT.certificatePem());

        assertThatThrownBy(() -> start(TlsSettings.pem(certificate, key))).hasMessageContaining("openssl pkey -in ");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        Path certificate = write("certificate.pem", ROBOT.certificatePem());
        Path key = write("key.pem", ROBOT.keyPem());
        Path another = write(
                "another.pem",
                TestCertificate.make("CN=another", "-keyalg", "EC", "-groupname", "secp256r1")
                        .keyPem());
        Path missing = directory.resolve("missing.pem");
        Path empty = write("empty.pem", "nothing");
        Path damaged = write("damaged.pem", ROBOT.keyPem().replace("M", "*"));

        assertRefused(missing, key, "there is no file " + missing);
        assertRefused(certificate, missing, "there is no file " + missing);
        assertRefused(certificate, directory, directory + " cannot be read");
        assertRefused(empty, key, empty + " holds no certificate");
        assertRefused(certificate, certificate, certificate + " holds 0 private keys");
        assertRefused(certificate, damaged, damaged + " is damaged");
        assertRefused(certificate, another, another + " does not hold the key of the certificate: name the two");
    }

    private static void assertRefused(Path certificate, Path key, String message) {
        assertThatThrownBy(() -> start(TlsSettings.pem(certificate, key)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void changedFilesAreTakenWhileClientsStay() throws Exception {
        TestCertificate next = TestCertificate.make("CN=next", "-keyalg", "EC", "-groupname", "secp384r1");
        try (RobotStreamBroker broker = start(pem(ROBOT))) {
            SocketTestClient present = connect(broker, ROBOT.context(), "");
            pem(next);

            await().atMost(Duration.ofSeconds(50))
                    .ignoreExceptionsInstanceOf(SSLException.class)
                    .untilAsserted(() -> connect(broker, next.context(), "").abort());
            present.send("{\"action\":\"ping\",\"id\":1}");
            assertThat(present.next()).isNotEmpty();
        }
    }

    private RobotStreamBroker startForCertificates(TestCertificate trusted) throws IOException {
        Path issuers = write("issuers.pem", trusted.certificatePem());
        return RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(SECRET).build())
                .tls(pem(ROBOT).clientCertificates(issuers, Permissions.none()))
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientWithACertificateIsItsSubject(String protocol) throws Exception {
        TestCertificate operator =
                TestCertificate.make("CN=operator-3,O=yard", "-keyalg", "EC", "-groupname", "secp256r1");
        try (RobotStreamBroker broker = startForCertificates(operator)) {
            SocketTestClient client = connect(broker, operator.trusting(ROBOT, protocol), "");

            client.send(
                    "{\"action\":\"publish\",\"id\":1,\"topic\":\"pose\",\"data\":{\"name\":\"pose\",\"type\":\"t\",\"data\":1}}");
            assertThat(client.next()).contains("\"forbidden\"");
            assertThat(broker.sessions())
                    .singleElement()
                    .satisfies(session -> assertThat(session.principal().name()).isEqualTo("CN=operator-3,O=yard"));
            client.abort();
        }
    }

    @Test
    void aPageOfAnotherOriginCannotUseTheBrowsersCertificate() throws Exception {
        try (RobotStreamBroker broker = startForCertificates(ROBOT)) {
            SocketTestClient.Request request = SocketTestClient.to(broker.address())
                    .through(ROBOT.clientSockets())
                    .header("Host", "robot:8765");

            assertThat(subject(request.header("Origin", "https://robot:8765"))).contains("CN=robot");
            SocketTestClient other =
                    request.header("Origin", "https://elsewhere.example").connect();
            assertThat(other.closeCode()).isEqualTo(4401);
            assertThat(other.closeReason()).startsWith("token_missing:");
            String token = new Tokens(SECRET).endingIn(Duration.ofMinutes(1), "operator-4");
            assertThat(subject(request.target("/wss?token=" + token))).contains("operator-4");
        }
    }

    /** As whom the broker lets in who sends this request. */
    private static String subject(SocketTestClient.Request request) throws IOException {
        SocketTestClient client = request.connect();
        client.send("{\"action\":\"hello\",\"id\":1}");
        String ack = client.next();
        client.abort();
        return ack;
    }

    @Test
    void whoHasNoCertificateNeedsAToken() throws Exception {
        TestCertificate operator = TestCertificate.make("CN=operator", "-keyalg", "EC", "-groupname", "secp256r1");
        SSLContext without = ROBOT.withoutKey();
        try (RobotStreamBroker broker = startForCertificates(operator)) {
            assertThatThrownBy(() -> connect(broker, without, ""))
                    .isInstanceOf(HttpRefused.class)
                    .hasMessageContaining("401");
            connect(broker, without, "?token=" + new Tokens(SECRET).endingIn(Duration.ofMinutes(1), "operator-4"))
                    .abort();
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() throws Exception {
        TestCertificate operator = TestCertificate.make("CN=operator", "-keyalg", "EC", "-groupname", "secp256r1");
        TestCertificate stranger = TestCertificate.make("CN=operator", "-keyalg", "EC", "-groupname", "secp256r1");
        try (RobotStreamBroker broker = startForCertificates(operator)) {
            assertThatThrownBy(() -> connect(broker, stranger.trusting(ROBOT, "TLSv1.3"), ""))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpRefused.class);
            assertThat(broker.sessions()).isEmpty();
        }
    }

    @Test
    void certificatesAloneAreEnoughAndDoNotGoWithAnonymousAccess() throws Exception {
        Path issuers = write("issuers.pem", ROBOT.certificatePem());
        TlsSettings settings = pem(ROBOT).clientCertificates(issuers, Permissions.all());
        try (RobotStreamBroker broker =
                RobotStreamBroker.builder().port(0).tls(settings).start()) {
            connect(broker, ROBOT.context(), "").abort();
            assertThatThrownBy(() -> connect(broker, ROBOT.context(), "?token=x"))
                    .isInstanceOf(HttpRefused.class);
        }
        assertThatThrownBy(() -> start(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("clientCertificates");
    }
}
