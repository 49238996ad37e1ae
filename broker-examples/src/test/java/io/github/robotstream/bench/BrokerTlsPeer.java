package io.github.robotstream.bench;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This broker with TLS and its default limits. */
final class BrokerTlsPeer implements Peer {
    private RobotStreamBroker broker; // ends with the process

    @Override
    public int start() throws IOException {
        Path file = Files.createTempDirectory("bench").resolve("robot.p12");
        String password = "bench-only";
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "robot",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=robot",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .tls(TlsSettings.pkcs12(file, password.toCharArray()))
                .start();
        return broker.address().getPort();
    }

    @Override
    public void publish(String topic, String value) {
        broker.publish(topic, Payload.of("bench", "Sample", value));
    }
}
