package io.github.robotstream.internal.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that serves wss, as its clients see it. */
@Timeout(60)
class TlsTest {
    private static final TestCertificate CERTIFICATE = TestCertificate.SHARED;

    private static RobotStreamBroker start() throws Exception {
        return RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .tls(CERTIFICATE.context())
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theJdksClientIsServed(String protocol) throws Exception {
        try (RobotStreamBroker broker = start()) {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(new String[] {protocol});
            HttpClient http = HttpClient.newBuilder()
                    .sslContext(CERTIFICATE.context())
                    .sslParameters(parameters)
                    .build();
            Received received = new Received();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create("wss://localhost:" + broker.address().getPort() + "/wss"), received)
                    .join();

            socket.sendText("{\"action\":\"subscribe\",\"id\":1,\"topic\":\"pose\"}", true)
                    .join();
            assertThat(received.next()).contains("\"ack\"");
            broker.publish("pose", Payload.of("pose", "text", '"' + "x".repeat(200_000) + '"'));
            assertThat(received.next()).hasSizeGreaterThan(200_000);
            socket.sendClose(1000, "").join();
            assertThat(received.next()).isEqualTo("closed 1000");
        }
    }

    @Test
    void pagesAndHealthAreServedToo() throws Exception {
        try (RobotStreamBroker broker = start()) {
            HttpClient http =
                    HttpClient.newBuilder().sslContext(CERTIFICATE.context()).build();
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + broker.address().getPort() + "/health"))
                    .build();

            for (int i = 0; i < 3; i++) {
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void anotherCertificateIsTakenByThoseWhoComeAfterIt() throws Exception {
        TestCertificate next = TestCertificate.make("CN=next", "-keyalg", "RSA", "-keysize", "2048");
        try (RobotStreamBroker broker = start()) {
            SocketTestClient.Request before =
                    SocketTestClient.to(broker.address()).through(CERTIFICATE.clientSockets());
            SocketTestClient present = before.connect();

            broker.tls(next.context());

            assertThatThrownBy(before::connect).isInstanceOf(SSLException.class);
            SocketTestClient.Request after =
                    SocketTestClient.to(broker.address()).through(next.clientSockets());
            try (SSLSocket socket = (SSLSocket) after.socket()) {
                socket.startHandshake();
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=next");
            }
            present.send("{\"action\":\"ping\",\"id\":1}");
            assertThat(present.next()).isNotEmpty();
            present.abort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.1", "TLSv1"})
    void oldProtocolsAreRefused(String protocol) throws Exception {
        try (RobotStreamBroker broker = start();
                SSLSocket socket = (SSLSocket) SocketTestClient.to(broker.address())
                        .through(CERTIFICATE.clientSockets())
                        .socket()) {
            socket.setEnabledProtocols(new String[] {protocol});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aContextThatIsNotReadyIsRefused() throws Exception {
        SSLContext empty = SSLContext.getInstance("TLS");
        assertThatThrownBy(() -> RobotStreamBroker.builder().tls(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("init(");
        try (RobotStreamBroker broker = start()) {
            assertThatThrownBy(() -> broker.tls(empty)).isInstanceOf(IllegalArgumentException.class);
            SocketTestClient.to(broker.address())
                    .through(CERTIFICATE.clientSockets())
                    .connect()
                    .abort();
        }
    }

    @Test
    void aBrokerWithoutTlsSaysSo() throws Exception {
        try (RobotStreamBroker broker =
                RobotStreamBroker.builder().withoutNetwork().start()) {
            assertThatThrownBy(() -> broker.tls(CERTIFICATE.context()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("without TLS");
        }
    }

    @Test
    void nothingIsLeftOfOneThatIsClosed() throws Exception {
        Leftovers leftovers = new Leftovers();
        try (RobotStreamBroker broker = start()) {
            SocketTestClient.to(broker.address())
                    .through(CERTIFICATE.clientSockets())
                    .connect();
            assertThat(leftovers.threads()).contains("robotstream-tls");
        }
        leftovers.awaitNoThread();
    }

    /** What came, and the end. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        String next() throws InterruptedException {
            String next = all.poll(10, TimeUnit.SECONDS);
            return next == null ? "nothing in ten seconds" : next;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                all.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.add("closed " + code);
            return null;
        }
    }
}
