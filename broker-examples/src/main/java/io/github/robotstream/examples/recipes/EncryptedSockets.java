package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import java.io.IOException;
import java.nio.file.Path;

/** {@code wss://} with a certificate from a file, which may be replaced while the broker runs. */
public final class EncryptedSockets {
    private EncryptedSockets() {}

    /** Starts the broker with certificate and key in PEM, as {@code robotstream-demo.jar certificate 127.0.0.1} writes them. */
    public static RobotStreamBroker start(int port, Path certificate, Path key) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.all())
                .tls(TlsSettings.pem(certificate, key))
                .start();
    }

    /** Takes the files of certificate and key. */
    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(Integer.getInteger("port", 8765), Path.of(args[0]), Path.of(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
