package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.examples.testing.Programs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run behind a real nginx that terminates TLS, by the configuration that {@code docs/security.md} shows. */
class BehindNginxTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Served broker;
    private BehindNginx nginx;

    @BeforeEach
    void start() throws Exception {
        broker = Served.start(programs, folder);
        nginx = BehindNginx.start(
                programs, Files.createDirectory(folder.resolve("nginx")), URI.create(broker.url()), Map.of());
    }

    private WebSocket connect(String token, WebSocket.Listener listener, String... headers) {
        WebSocket.Builder builder =
                HttpClient.newBuilder().sslContext(nginx.trusting()).build().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(nginx.url(token), listener).join();
    }

    private String expired() {
        Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
        Secret secret = new Secret.FromFile().convert(broker.secret().toString());
        return new TokenMint(secret, yesterday).mint("operator-3", Duration.ofHours(1));
    }

    @Test
    void upgradeMessagesPingsAndCloseCodesPass() throws Exception {
        Received received = new Received();
        WebSocket client = connect(broker.token(), received);
        client.sendText(Frames.subscribe(1, "pose"), true).join();
        assertThat(received.next()).contains("\"ack\"");
        client.sendPing(ByteBuffer.wrap("are you there".getBytes(StandardCharsets.UTF_8)))
                .join();
        assertThat(received.next()).isEqualTo("pong are you there");
        broker.program().terminate();
        assertThat(received.next()).startsWith("closed 1001 ");
    }

    @Test
    void aPageWithAnExpiredTokenSees4401AndAProgramSees401() throws Exception {
        Received received = new Received();
        connect(expired(), received, "Origin", "https://page.example");
        assertThat(received.next()).startsWith("closed 4401 token_expired: ");

        assertThatThrownBy(() -> connect(expired(), new Received()))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(401));
    }

    @Test
    void theLongestTokenPassesToo() throws Exception {
        assertThatThrownBy(() -> connect("x".repeat(16 * 1024), new Received()))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(401));
    }

    @Test
    void noTokenGetsIntoALogOfNginx() throws Exception {
        String good = broker.token();
        Received received = new Received();
        connect(good, received).sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(received.next()).startsWith("closed 1000");
        String late = expired();
        connect(late, new Received(), "Origin", "https://page.example");
        assertThatThrownBy(() -> connect(late, new Received())).isNotNull();
        for (String head : List.of(
                "GET /other?token=" + good + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /wss?token=" + good + " HTTP/1.1\r\n\r\n",
                "GET /wss?token=" + good + " HTTP/1.1\r\nHost: localhost\r\nReferer: https://x/?" + good
                        + "\r\nConnection: close\r\n\r\n",
                "GET /wss?token=" + good + "\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "G:T /wss?token=" + good + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /wss?token=" + good + "x".repeat(70_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            nginx.answerTo(head, true);
            nginx.answerTo(head, false);
        }
        broker.program().terminate();
        broker.program().awaitExit();
        assertThat(nginx.answerTo(
                        "GET /wss?token=" + good + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", true))
                .startsWith("HTTP/1.1 502 ");

        assertThat(nginx.accesses())
                .anyMatch(line -> line.contains("\"GET /wss HTTP/1.1\" 101 "))
                .anyMatch(line -> line.contains("\"GET /wss HTTP/1.1\" 401 "))
                .anyMatch(line -> line.contains("\"GET /wss HTTP/1.1\" 502 "));
        for (String token : List.of(good, late)) {
            String signature = token.substring(token.lastIndexOf('.') + 1);
            assertThat(nginx.allLogs())
                    .noneMatch(line -> line.contains(signature) || line.contains(token.substring(0, 60)));
        }
    }

    /** What came, in order. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = all.poll(10, TimeUnit.SECONDS);
            return next == null ? "nothing in ten seconds" : next;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            all.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
            all.add("pong " + StandardCharsets.UTF_8.decode(payload));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.add("closed " + code + " " + reason);
            return null;
        }
    }
}
