package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file that an option names and that is of no use is told in one line, with the remedy, and is wrong use. */
class FaultyFilesTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Certified robot;

    @BeforeEach
    void make() throws Exception {
        robot = Certified.make(programs, folder, "robot", "127.0.0.1");
    }

    private void told(Program program, String... parts) throws InterruptedException {
        assertThat(program.awaitExit()).isEqualTo(2);
        assertThat(program.allOut()).isEmpty();
        assertThat(program.allErr()).hasSize(2).element(0).asString().contains(parts);
        assertThat(program.allErr().get(1)).startsWith("Try: robotstream-demo serve --help");
    }

    private Program serve(Path certificate, Path key) throws Exception {
        return programs.demoJar(
                "serve",
                "--anonymous",
                "--port",
                "0",
                "--tls-certificate",
                certificate.toString(),
                "--tls-key",
                key.toString());
    }

    @Test
    void theKeyOfAnotherCertificate() throws Exception {
        Path other = Certified.make(programs, folder, "other", "127.0.0.1").key();
        told(serve(robot.certificate(), other), other + " does not hold the key of the certificate", "made together");
    }

    @Test
    void aKeyThatIsNotPkcs8() throws Exception {
        Path old = folder.resolve("old.pem");
        String openssl = Installed.orSkip("openssl");
        Program convert = programs.start(
                "openssl", List.of(openssl, "ec", "-in", robot.key().toString(), "-out", old.toString()), Map.of());
        assertThat(convert.awaitExit()).isZero();
        told(serve(robot.certificate(), old), "EC PRIVATE KEY", "convert it with openssl pkey -in " + old + " -out ");
    }

    @Test
    void aKeyThatIsMissingOrAFolder() throws Exception {
        Path missing = folder.resolve("missing.pem");
        told(serve(robot.certificate(), missing), "there is no file " + missing);
        told(serve(robot.certificate(), folder), folder + " cannot be read: ");
    }

    @Test
    void aCertificateThatHasExpired() throws Exception {
        Path old = folder.resolve("old.pem");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String store = folder.resolve("old.p12").toString();
        List<String> common = List.of("-alias", "robot", "-keystore", store, "-storepass", "password");
        List<String> make = new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC", "-dname", "CN=robot"));
        make.addAll(List.of("-startdate", "2020/01/01 00:00:00", "-validity", "30"));
        make.addAll(common);
        assertThat(programs.start("keytool", make, Map.of()).awaitExit()).isZero();
        List<String> export = new ArrayList<>(List.of(keytool, "-exportcert", "-rfc", "-file", old.toString()));
        export.addAll(common);
        assertThat(programs.start("keytool", export, Map.of()).awaitExit()).isZero();

        told(serve(old, robot.key()), old + " has expired at 2020-01-3", "make another one", "set the clock");
    }

    @Test
    void oneThatThisUserMayNotRead() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path locked = robot.key();
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        told(
                asNobody("--anonymous", "--tls-certificate", robot.certificate() + "", "--tls-key", locked + ""),
                locked + " may not be read by the user that this program runs as");
        told(
                asNobody("--secret-file", locked + ""),
                "--secret-file",
                locked + " is closed to the user that this program runs as");
        told(
                asNobody("--any-audience", "--jwks-file", locked + ""),
                locked + " cannot be used: it may not be read by the user");
    }

    private Program asNobody(String... options) throws Exception {
        return programs.demoJarAsNobody(
                folder,
                Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void aKeySetThatIsMissingOrNone() throws Exception {
        Path missing = folder.resolve("missing.json");
        told(
                programs.demoJar("serve", "--port", "0", "--any-audience", "--jwks-file", missing.toString()),
                "key set " + missing + " cannot be used: there is no such file");
        told(
                programs.demoJar(
                        "serve",
                        "--port",
                        "0",
                        "--any-audience",
                        "--jwks-file",
                        robot.key().toString()),
                "key set " + robot.key() + " cannot be used: it is not one strict JSON object");
    }
}
