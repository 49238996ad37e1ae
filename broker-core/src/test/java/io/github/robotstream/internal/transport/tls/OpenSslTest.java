package io.github.robotstream.internal.transport.tls;

import static io.github.robotstream.testing.TestClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    void open() throws Exception {
        boolean present;
        try {
            present = said(start("version"), "").startsWith("OpenSSL");
        } catch (IOException none) {
            present = false;
        }
        Assumptions.assumeTrue(present, "openssl is not installed, so its client cannot be tried");
        transport =
                JwsTransport.bind(TestSettings.anyPort(), Optional.of(TestCertificate.SHARED::serverEngine), sessions);
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
        Process openssl = start("s_client", "-connect", address(), "-tls1_2");
        try (OutputStream in = openssl.getOutputStream();
                BufferedReader out = openssl.inputReader(StandardCharsets.UTF_8)) {
            // An open session, which nothing else ends for a while: at the handshake the time limit would.
            in.write(SocketTestClient.to(transport.address()).head());
            in.flush();
            RecordingSession session = sessions.next();
            skipTo(out, "HTTP/1.1 101");

            in.write("R\n".getBytes(StandardCharsets.US_ASCII));
            in.flush();

            assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
            // Its input stays open, so it ends only because the connection does.
            assertThat(out.lines().toList())
                    .contains("RENEGOTIATING")
                    .as("a second handshake would show the certificate again")
                    .noneMatch(line -> line.startsWith("verify return"));
            assertThat(openssl.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            openssl.destroyForcibly();
        }
    }

    @Test
    void keyUpdatesCountAsPingsDo() throws Exception {
        Process openssl = start("s_client", "-connect", address(), "-tls1_3");
        try (OutputStream in = openssl.getOutputStream();
                BufferedReader out = openssl.inputReader(StandardCharsets.UTF_8)) {
            in.write(SocketTestClient.to(transport.address()).head());
            in.flush();
            RecordingSession session = sessions.next();
            skipTo(out, "HTTP/1.1 101");

            for (int i = 1; i <= 20; i++) {
                // The second asks for an answer. openssl takes one command a read, so the next waits for what it
                // prints.
                in.write((i % 2 == 0 ? "k\n" : "K\n").getBytes(StandardCharsets.US_ASCII));
                in.flush();
                skipTo(out, "KEYUPDATE");
                int counted = i * TlsWire.COST_OF_NO_DATA;
                await().atMost(SOON).until(() -> session.controlBytes.get() == counted);
            }
            assertThat(session.closed).isEmpty();
        } finally {
            openssl.destroyForcibly();
        }
    }

    @Test
    void keyUpdatesOfAClientThatHasAskedForNothingCloseItsConnection() throws Exception {
        Process openssl = start("s_client", "-connect", address(), "-tls1_3");
        try (OutputStream in = openssl.getOutputStream();
                BufferedReader out = openssl.inputReader(StandardCharsets.UTF_8)) {
            int updates = 0;
            String line = out.readLine();
            while (line != null && updates < 100_000) {
                if (line.startsWith("KEYUPDATE") || (line.startsWith("---") && updates == 0)) {
                    in.write("k\n".getBytes(StandardCharsets.US_ASCII));
                    in.flush();
                    updates++;
                }
                line = out.readLine();
            }
            assertThat(updates).isLessThan(100_000);
        } catch (IOException ended) {
            // it has ended, which is what was to be shown
        } finally {
            openssl.destroyForcibly();
        }
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    private static void skipTo(BufferedReader out, String beginning) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = out.readLine();
        }
        assertThat(line).as("what openssl prints").isNotNull();
    }

    private String address() {
        return "127.0.0.1:" + transport.address().getPort();
    }

    private String connect(String typed, String... options) throws IOException, InterruptedException {
        String[] arguments = Stream.concat(Stream.of("s_client", "-connect", address()), Stream.of(options))
                .toArray(String[]::new);
        return said(start(arguments), typed);
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String said(Process openssl, String typed) throws IOException, InterruptedException {
        try (OutputStream in = openssl.getOutputStream();
                InputStream out = openssl.getInputStream()) {
            in.write(typed.getBytes(StandardCharsets.US_ASCII));
            in.flush();
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(openssl.waitFor(10, TimeUnit.SECONDS)).as("it ends").isTrue();
            return said;
        } finally {
            openssl.destroyForcibly();
        }
    }
}
