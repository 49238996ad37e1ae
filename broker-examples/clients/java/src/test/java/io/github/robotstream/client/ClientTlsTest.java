package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
    private static final String PASSWORD = "password";

    @TempDir
    Path folder;

    @Test
    void theRobotsOwnCertificateIsTrustedByItsNameOrPinnedAndNoOther() throws Exception {
        Path robot = certificate("robot", "ip:127.0.0.1");
        Path misnamed = certificate("misnamed", "dns:elsewhere");
        try (RobotStreamBroker broker = start("robot");
                RobotStreamBroker other = start("misnamed")) {
            for (ClientBuilder good : List.of(
                    client(broker).trust(robot),
                    client(broker).pinned(robot),
                    client(other).pinned(misnamed))) {
                try (RobotStreamClient client = good.connect()) {
                    assertThat(client.publish("t", Payload.of("t", "float", "1"))
                                    .get()
                                    .seq())
                            .isPositive();
                }
            }
            for (ClientBuilder bad : List.of(
                    client(broker),
                    client(broker).trust(misnamed),
                    client(broker).pinned(misnamed),
                    client(other).trust(misnamed))) {
                assertThatThrownBy(bad::connect).isInstanceOf(ConnectionEndedException.class);
            }
            assertThat(broker.sessions()).isEmpty();
        }
    }

    private ClientBuilder client(RobotStreamBroker broker) {
        return RobotStreamClient.at(
                        URI.create("wss://127.0.0.1:" + broker.address().getPort() + "/wss"))
                .timeout(Duration.ofSeconds(30));
    }

    private RobotStreamBroker start(String name) throws Exception {
        return RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .tls(TlsSettings.pkcs12(folder.resolve(name + ".p12"), PASSWORD.toCharArray()))
                .start();
    }

    private Path certificate(String name, String subjectAlternativeName) throws Exception {
        keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=" + subjectAlternativeName);
        Path pem = folder.resolve(name + ".pem");
        keytool(name, "-exportcert", "-rfc", "-file", pem.toString());
        return pem;
    }

    private void keytool(String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-alias", name, "-storepass", PASSWORD, "-storetype", "PKCS12", "-keystore"));
        command.add(folder.resolve(name + ".p12").toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }
}
