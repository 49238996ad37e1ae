package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.Page;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain requests on the broker's port. */
@Timeout(60)
class PageTest {
    private static final String LARGE = "<p>".repeat(300_000);

    private Transport transport;

    @BeforeEach
    void open() throws IOException {
        Page page = new Page("text/html; charset=utf-8", LARGE.getBytes(StandardCharsets.UTF_8));
        transport = JwsTransport.bind(
                TestSettings.anyPort(changed -> changed.pages.put("/", page)),
                Optional.empty(),
                new AdmittingListener());
    }

    @AfterEach
    void close() {
        await().atMost(TestClient.SOON).until(() -> transport.connections() == 0);
        transport.close(TestClient.SOON);
    }

    private String answer(String head) throws IOException {
        try (Socket socket = SocketTestClient.to(transport.address()).socket()) {
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /health HTTP/1.1\r\nHost: robot", "GET /health HTTP/1.0", "GET /health?a=b HTTP/1.0"})
    void healthNeedsNoToken(String head) throws Exception {
        assertThat(answer(head))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: application/json\r\n")
                .endsWith("\r\n\r\n{\"status\":\"ok\"}\n");
    }

    @Test
    void aPageComesWholeWithWhatBrowsersNeedToBeCareful() throws Exception {
        assertThat(answer("GET / HTTP/1.1\r\nHost: robot"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains(
                        "\r\nContent-Type: text/html; charset=utf-8\r\n",
                        "\r\nContent-Length: " + LARGE.length() + "\r\n",
                        "\r\nConnection: close\r\n",
                        "\r\nX-Content-Type-Options: nosniff\r\n",
                        "\r\nReferrer-Policy: no-referrer\r\n",
                        "\r\nContent-Security-Policy: default-src 'self'")
                .endsWith("\r\n\r\n" + LARGE);
    }

    @Test
    void headTellsTheLengthAndSendsNothing() throws Exception {
        assertThat(answer("HEAD / HTTP/1.1\r\nHost: robot"))
                .contains("\r\nContent-Length: " + LARGE.length() + "\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void whoHasThePageIsNotSentItAgain() throws Exception {
        String tag = answer("HEAD / HTTP/1.1\r\nHost: robot")
                .lines()
                .filter(line -> line.startsWith("ETag: "))
                .findFirst()
                .orElseThrow()
                .substring(6);
        String ask = "GET / HTTP/1.1\r\nHost: robot\r\nIf-None-Match: ";

        assertThat(answer(ask + "\"other\", " + tag))
                .startsWith("HTTP/1.1 304 Not Modified\r\n")
                .doesNotContain("Content-Length", "<p>");
        assertThat(answer(ask + "\"other\"")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void otherMethodsAreNotServed() throws Exception {
        assertThat(answer("POST /health HTTP/1.1\r\nHost: robot\r\nContent-Length: 3"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nAllow: GET, HEAD\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/%2e%2e/etc/passwd", "//", "/./", "/index.html", "/health/"})
    void otherPathsAreNotThere(String path) throws Exception {
        assertThat(answer("GET " + path + " HTTP/1.1\r\nHost: robot"))
                .startsWith("HTTP/1.1 404 ")
                .endsWith(
                        "{\"status\":404,\"message\":\"nothing is served at this path: WebSockets connect to /wss\"}\n");
    }
}
