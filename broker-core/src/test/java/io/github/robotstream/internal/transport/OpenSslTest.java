package io.github.robotstream.internal.transport;

import static io.github.robotstream.testing.TestClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What openssl's client says of our TLS. */
@Timeout(60)
class OpenSslTest {
    private final AdmittingListener sessions = new AdmittingListener();
    private Transport transport;

    @BeforeEach
    void open() throws IOException {
        boolean present;
        try {
            present = run("version").startsWith("OpenSSL");
        } catch (IOException none) {
            present = false;
        }
        Assumptions.assumeTrue(present, "openssl is not installed, so its client cannot be tried");
        transport = JwsTransport.bind(
                TransportSettings.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/wss")
                        .withTls(TestCertificate.SHARED::serverEngine),
                sessions);
    }

    @AfterEach
    void close() {
        if (transport != null) {
            transport.close(SOON);
        }
    }

    @Test
    void bothVersionsAreSpoken() throws Exception {
        assertThat(connect("Q\n", "-tls1_2")).contains("Protocol  : TLSv1.2");
        assertThat(connect("Q\n", "-tls1_3")).contains("New, TLSv1.3, Cipher is TLS_");
    }

    @Test
    void olderOnesAreNot() throws Exception {
        assertThat(connect("Q\n", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"))
                .contains("Cipher is (NONE)")
                .contains("alert protocol version");
    }

    @Test
    void renegotiationIsRefused() throws Exception {
        assertThat(connect("R\nare you still there?\n", "-tls1_2"))
                .contains("RENEGOTIATING")
                .doesNotContain("HTTP/1.1"); // what it would get for such a request
    }

    private String connect(String typed, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "s_client", "-connect", "127.0.0.1:" + transport.address().getPort()));
        all.addAll(Arrays.asList(options));
        return run(typed, all.toArray(String[]::new));
    }

    private static String run(String argument) throws IOException {
        return run("", new String[] {argument});
    }

    private static String run(String typed, String[] arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream();
                InputStream out = process.getInputStream()) {
            in.write(typed.getBytes(StandardCharsets.US_ASCII));
            in.flush();
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException("openssl does not end");
            }
            return said;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }
}
