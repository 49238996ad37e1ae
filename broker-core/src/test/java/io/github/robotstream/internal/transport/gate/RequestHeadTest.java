package io.github.robotstream.internal.transport.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.settings.Settings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static final String VALID = String.join(
            "\r\n",
            "GET /wss?token=secret HTTP/1.1",
            "Host: robot:8765",
            "Upgrade: h2c, WebSocket",
            "Connection: keep-alive",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Authorization: \t Bearer secret ",
            "Sec-WebSocket-Protocol: bearer.secret",
            "Sec-WebSocket-Protocol: robotstream.v1",
            "Cookie: id=secret",
            "",
            "");

    private static RequestHead parse(String head) throws BadRequestException {
        HeadReader reader = new HeadReader();
        assertThat(reader.read(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1))))
                .isTrue();
        return reader.head();
    }

    private static UpgradeRequest upgrade(String head) throws BadRequestException {
        return new UpgradeRequest(parse(head), new Settings());
    }

    @Test
    void readsWhatAClientSends() throws Exception {
        RequestHead head = parse(VALID);

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/wss?token=secret");
        assertThat(head.header("authorization")).isEqualTo("Bearer secret");
        assertThat(head.lists("connection", "upgrade")).isTrue();
        assertThat(head.lists("upgrade", "websocket")).isTrue();
        assertThat(head.lists("sec-websocket-protocol", "robotstream.v1")).isTrue();
        assertThat(upgrade(VALID).fault()).isEmpty();
    }

    @Test
    void noSecretGoesToJavaWebSocketOrIntoAText() throws Exception {
        String rewritten = new String(upgrade(VALID).rewritten(), StandardCharsets.US_ASCII);

        assertThat(rewritten)
                .startsWith("GET /wss HTTP/1.1\r\n")
                .contains("AAAAAAAAAAAAAAAAAAAAAA==")
                .contains("Sec-WebSocket-Protocol: robotstream.v1\r\n")
                .endsWith("\r\n\r\n")
                .doesNotContain("secret");
        assertThat(upgrade(VALID).toString()).doesNotContain("secret");
        assertThat(upgrade(VALID).handshake(new InetSocketAddress(0), List.of()).toString())
                .doesNotContain("secret");
    }

    @Test
    void oneOfTheSubprotocolsThatAreOfferedIsAnswered() throws Exception {
        String viewers = VALID.replace("robotstream.v1", "foxglove.websocket.v1, foxglove.sdk.v1");

        assertThat(new String(upgrade(viewers).rewritten(), StandardCharsets.US_ASCII))
                .contains("Sec-WebSocket-Protocol: foxglove.sdk.v1\r\n")
                .doesNotContain("foxglove.websocket.v1");
    }

    @Test
    void otherMethodsAreNamedAsSuch() throws Exception {
        assertThat(upgrade(VALID.replace("GET", "POST")).fault())
                .map(HttpAnswer::status)
                .contains(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "GET /wss\r\nHost: a\r\n\r\n",
                "GET /wss HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /wss HTTP/1.1\nHost: a\n\n",
                "GET /wss HTTP/1.1\rHost: a\r\r",
                " GET /wss HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u0016\u0003\u0001",
                "GET  /wss HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/wss HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /wss#a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /w\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "G(T /wss HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /wss HTTP/1.1\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nAuthorization: y\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n"
            })
    void whatCanBeMisunderstoodIsRefused(String head) {
        assertThatThrownBy(() -> parse(head)).isInstanceOf(BadRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1", "Content-Length: -0", "Transfer-Encoding: chunked"})
    void noBodyMayFollowTheRequest(String field) throws Exception {
        assertThat(upgrade(VALID.replace("Host:", field + "\r\nHost:")).fault())
                .map(HttpAnswer::status)
                .contains(400);
    }

    @Test
    void theOldVersionNeedsNoHostAndGetsNoUpgrade() throws Exception {
        RequestHead old = parse("GET /health HTTP/1.0\r\n\r\n");

        assertThat(old.http11()).isFalse();
        assertThat(upgrade(VALID.replace("HTTP/1.1", "HTTP/1.0")).fault())
                .map(HttpAnswer::status)
                .contains(426);
    }

    /** Whoever waits for more would wait until the time limit. */
    @Test
    void whatIsWrongIsRefusedAtTheByteThatShowsIt() throws Exception {
        HeadReader reader = new HeadReader();
        assertThat(reader.read(ByteBuffer.wrap("GET /wss HTTP/1.1\r".getBytes(StandardCharsets.US_ASCII))))
                .isFalse();

        assertThatThrownBy(() -> reader.read(ByteBuffer.wrap(new byte[] {'\r'})))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void whatFollowsTheHeadIsLeft() throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap((VALID + "frames").getBytes(StandardCharsets.ISO_8859_1));

        assertThat(new HeadReader().read(bytes)).isTrue();
        assertThat(bytes.remaining()).isEqualTo("frames".length());
    }

    @Test
    void aHundredFieldsAreEnough() throws Exception {
        String start = "GET /wss HTTP/1.1\r\nHost: a\r\n";
        parse(start + "X: y\r\n".repeat(99) + "\r\n");

        assertThatThrownBy(() -> parse(start + "X: y\r\n".repeat(100) + "\r\n"))
                .isInstanceOf(BadRequestException.class);
    }
}
