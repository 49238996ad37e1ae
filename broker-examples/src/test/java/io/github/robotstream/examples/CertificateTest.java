package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CertificateTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Program make(Path certificate, Path key, String... hosts) throws Exception {
        String[] command = new String[5 + hosts.length];
        command[0] = "certificate";
        command[1] = "--certificate";
        command[2] = certificate.toString();
        command[3] = "--key";
        command[4] = key.toString();
        System.arraycopy(hosts, 0, command, 5, hosts.length);
        return programs.demoJar(command);
    }

    private static X509Certificate read(Path file) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static HttpClient trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("it", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    @Test
    void whatItWritesIsWhatServeAndClientsTake() throws Exception {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        assertThat(make(certificate, key, "robot.local", "127.0.0.1", "::1").awaitExit())
                .isZero();
        X509Certificate made = read(certificate);
        made.checkValidity(Date.from(Instant.parse("2000-01-03T00:00:00Z"))); // for a robot whose clock is not set
        assertThat(made.getSubjectAlternativeNames().toString()).contains("robot.local", "127.0.0.1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Served broker = Served.start(
                programs, folder, "--tls-certificate", certificate.toString(), "--tls-key", key.toString());

        assertThat(broker.url()).matches("wss://127\\.0\\.0\\.1:[1-9][0-9]*/wss");
        URI health = URI.create(broker.url().replace("wss:", "https:").replace("/wss", "/health"));
        assertThat(trusting(made)
                        .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Path certificate = folder.resolve("certificate.pem");
        Path key = Files.writeString(folder.resolve("key.pem"), "precious");
        Program second = make(certificate, key, "robot.local");

        assertThat(second.awaitExit()).isEqualTo(2);
        assertThat(second.allErr()).element(0).asString().contains("there is a file " + key + " already");
        assertThat(key).hasContent("precious");
        assertThat(certificate).doesNotExist();
    }

    @Test
    void aFolderThatIsMissingIsWrongUseAndNoKeyIsLeftWithoutItsCertificate() throws Exception {
        Path key = folder.resolve("key.pem");
        Path nowhere = folder.resolve("missing").resolve("c.pem");
        Program program = make(nowhere, key, "robot.local");
        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.allErr()).element(0).asString().contains("there is no folder for " + nowhere);
        assertThat(key).doesNotExist();
    }

    @Test
    void aHostThatIsNoneIsWrongUse() throws Exception {
        Program program = make(folder.resolve("c"), folder.resolve("k"), "robot.local,dns:other");
        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.allErr()).element(0).asString().contains("robot.local,dns:other");
    }

    @Test
    void aCertificateWithoutItsKeyIsWrongUse() throws Exception {
        Certified robot = Certified.make(programs, folder, "robot", "127.0.0.1");
        Program serve = programs.demoJar(
                "serve",
                "--anonymous",
                "--port",
                "0",
                "--tls-certificate",
                robot.certificate().toString());
        assertThat(serve.awaitExit()).isEqualTo(2);
        assertThat(serve.allErr()).element(0).asString().contains("--tls-key");
    }

    @Test
    void aCertificateThatIsNotThereIsWrongUse() throws Exception {
        Program serve = programs.demoJar(
                "serve", "--anonymous", "--port", "0", "--tls-certificate", "no-such.pem", "--tls-key", "k.pem");
        assertThat(serve.awaitExit()).isEqualTo(2);
        assertThat(serve.allErr())
                .hasSize(2)
                .element(0)
                .asString()
                .contains("--tls-certificate", "there is no file no-such.pem");
    }
}
