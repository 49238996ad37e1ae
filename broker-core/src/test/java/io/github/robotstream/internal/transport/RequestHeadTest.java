package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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

    private static RequestHead parse(String head) throws RequestHead.Malformed {
        return RequestHead.parse(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static UpgradeRequest upgrade(String head) throws RequestHead.Malformed {
        return new UpgradeRequest(parse(head), TransportSettings.defaults(new InetSocketAddress(0), "/wss"));
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
        assertThat(upgrade(VALID).refusal()).isEmpty();
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
        assertThat(upgrade(VALID).handshake(new InetSocketAddress(0)).toString())
                .doesNotContain("secret");
    }

    @Test
    void otherMethodsAreNamedAsSuch() throws Exception {
        assertThat(upgrade(VALID.replace("GET", "POST")).refusal()).contains(HttpAnswer.NOT_GET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "GET /wss\r\nHost: a\r\n\r\n",
                "GET /wss HTTP/1.0\r\nHost: a\r\n\r\n",
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
                "GET /wss HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
                "GET /wss HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void whatCanBeMisunderstoodIsRefused(String head) {
        assertThatThrownBy(() -> parse(head)).isInstanceOf(RequestHead.Malformed.class);
    }

    @Test
    void aHundredFieldsAreEnough() throws Exception {
        String start = "GET /wss HTTP/1.1\r\nHost: a\r\n";
        parse(start + "X: y\r\n".repeat(99) + "\r\n");

        assertThatThrownBy(() -> parse(start + "X: y\r\n".repeat(100) + "\r\n"))
                .isInstanceOf(RequestHead.Malformed.class);
    }
}
