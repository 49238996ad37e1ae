package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code listen} and {@code send} through TLS, with a certificate that no authority knows. */
class TlsClientsTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Certified robot(String... hosts) throws Exception {
        return Certified.make(programs, folder, "robot", hosts);
    }

    private Program send(Served broker, String url, String... options) throws Exception {
        String[] command = {"send", url, "focus", "\"ball\"", "--token", broker.token()};
        return programs.demoJar(java.util.stream.Stream.of(command, options)
                .flatMap(java.util.stream.Stream::of)
                .toArray(String[]::new));
    }

    private static void failed(Program program, String... told) throws InterruptedException {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.allOut()).isEmpty();
        assertThat(program.allErr()).singleElement().asString().contains(told).doesNotContain("eyJ");
    }

    @Test
    void aCertificateThatIsNamedIsTrusted() throws Exception {
        Certified robot = robot("127.0.0.1");
        Served broker = Served.start(programs, folder, robot.options());
        String trusted = robot.certificate().toString();

        assertThat(send(broker, broker.url(), "--certificate", trusted).awaitExit())
                .isZero();
        Program listen = programs.demoJar(
                "listen",
                broker.url(),
                "--topic",
                "focus",
                "--count",
                "1",
                "--token",
                broker.token(),
                "--certificate",
                trusted);
        assertThat(listen.awaitExit()).isZero();
        assertThat(listen.allOut()).singleElement().asString().contains("\"ball\"");
    }

    @Test
    void withoutItAnUnknownCertificateIsRefusedAndTheRemedyTold() throws Exception {
        Served broker = Served.start(programs, folder, robot("127.0.0.1").options());
        failed(send(broker, broker.url()), broker.url(), "certificate is not known here", "--certificate FILE");
    }

    @Test
    void anotherOneThanTheNamedIsRefused() throws Exception {
        Served broker = Served.start(programs, folder, robot("127.0.0.1").options());
        String other = Certified.make(programs, folder, "other", "127.0.0.1")
                .certificate()
                .toString();
        failed(send(broker, broker.url(), "--certificate", other), "is not the one in " + other, "--tls-certificate");
    }

    @Test
    void oneForAnotherHostIsRefusedThoughItIsNamed() throws Exception {
        Certified robot = robot("robot.local", "127.0.0.1");
        Served broker = Served.start(programs, folder, robot.options());
        String elsewhere = broker.url().replace("127.0.0.1", "localhost");
        failed(
                send(broker, elsewhere, "--certificate", robot.certificate().toString()),
                "not for this host",
                "localhost",
                "connect by a name that it is for");
    }

    @Test
    void theWrongSchemeIsToldEitherWay() throws Exception {
        Served plain = Served.start(programs, folder);
        failed(send(plain, plain.url().replace("ws:", "wss:")), "speaks no TLS: is it a ws:// address");
        Served secure = Served.start(programs, folder, robot("127.0.0.1").options());
        failed(send(secure, secure.url().replace("wss:", "ws:")), "if the broker serves TLS, use wss://");
    }
}
