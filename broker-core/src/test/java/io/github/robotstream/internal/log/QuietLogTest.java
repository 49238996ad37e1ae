package io.github.robotstream.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever sends garbage to a TLS port writes nothing into the robot's log. */
@Timeout(120)
class QuietLogTest {
    private static final int TIMES = 5;

    /** The first half of what OpenSSL 3 begins with: a record of 512 bytes, of which 40 come. */
    private static final byte[] HALF_A_HELLO =
            Arrays.copyOf(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3}, 40);

    @TempDir
    Path directory;

    @Test
    void garbageOnATlsPortLeavesNoLineInTheLog() throws Exception {
        Files.writeString(directory.resolve("certificate.pem"), TestCertificate.SHARED.certificatePem());
        Files.writeString(directory.resolve("key.pem"), TestCertificate.SHARED.keyPem());
        List<String> infoAndAbove = List.of("-Dorg.slf4j.simpleLogger.logFile=System.out");
        try (ChildJvm robot = ChildJvm.start(SecureBroker.class, infoAndAbove, directory.toString())) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            for (int i = 0; i < TIMES; i++) {
                sendGarbage(address, new Random(i));
            }
            // Somebody honest comes behind them.
            SocketTestClient.to(address)
                    .through(TestCertificate.SHARED.clientSockets())
                    .connect()
                    .close();
            robot.goOn();

            assertThat(robot.exitCode()).isZero();
            assertThat(robot.output())
                    .anyMatch(line -> line.contains("broker_started"))
                    .filteredOn(
                            line -> !line.matches("(port|ended)=\\d+|.* INFO .*(broker_st|client_(dis)?connected).*"))
                    .isEmpty();
        }
    }

    private static void sendGarbage(InetSocketAddress address, Random random) throws IOException {
        byte[] noise = new byte[2_000];
        random.nextBytes(noise);
        byte[] record = noise.clone();
        System.arraycopy(new byte[] {22, 3, 1, 7, (byte) 203}, 0, record, 0, 5); // a whole record of noise
        for (byte[] sent : new byte[][] {
            "GET /wss?token=x HTTP/1.1\r\nHost: robot\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            noise,
            record,
            HALF_A_HELLO,
            new byte[0]
        }) {
            sendAndLeave(address, sent);
            sendAndReset(address, sent);
        }
        distrust(address);
        talkNoHttp(address, noise);
    }

    private static Socket socket(InetSocketAddress address) throws IOException {
        return SocketTestClient.to(address).socket();
    }

    private static void sendAndLeave(InetSocketAddress address, byte[] sent) throws IOException {
        try (Socket socket = socket(address)) {
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException reset) {
            assertThat(reset).hasMessageMatching("(?s).*([Rr]eset|closed|pipe).*");
        }
    }

    private static void sendAndReset(InetSocketAddress address, byte[] sent) throws IOException {
        try (Socket socket = socket(address)) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(sent);
        }
    }

    /** Does not know who has signed the robot's certificate, and says so. */
    private static void distrust(InetSocketAddress address) throws IOException {
        SSLSocketFactory usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (Socket socket = usual.createSocket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(0);
            throw new AssertionError("it trusts a certificate that nobody has signed");
        } catch (SSLException distrusted) {
            // as it should be
        }
    }

    private static void talkNoHttp(InetSocketAddress address, byte[] noise) throws IOException {
        try (Socket socket = SocketTestClient.to(address)
                .through(TestCertificate.SHARED.clientSockets())
                .socket()) {
            socket.getOutputStream().write(noise);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException reset) {
            assertThat(reset).hasMessageMatching("(?s).*([Rr]eset|closed|pipe).*");
        }
    }

    /** A robot that logs as robots do. Prints its port, waits for a line, ends. */
    static final class SecureBroker {
        private SecureBroker() {}

        /** Takes the directory of key and certificate. */
        public static void main(String[] args) throws Exception {
            Path files = Path.of(args[0]);
            try (RobotStreamBroker broker = RobotStreamBroker.builder()
                    .port(0)
                    .anonymousAccess(Permissions.all())
                    .tls(TlsSettings.pem(files.resolve("certificate.pem"), files.resolve("key.pem")))
                    .start()) {
                System.out.println("port=" + broker.address().getPort());
                new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            }
            System.out.println("ended=1");
        }
    }
}
