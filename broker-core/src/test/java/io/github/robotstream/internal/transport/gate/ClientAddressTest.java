package io.github.robotstream.internal.transport.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.transport.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a proxy speaks for. 10.0.0.0/8 and the networks beginning with fd are proxies; the peer is 10.0.0.1 unless said. */
class ClientAddressTest {
    private static final InetSocketAddress PROXY = address("10.0.0.1");

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(IpLiteral.parse(literal).orElseThrow(), 1234);
    }

    private static boolean isTrusted(InetAddress address) {
        byte first = address.getAddress()[0];
        return first == 10 || first == (byte) 0xfd;
    }

    private static String client(InetSocketAddress peer, String... lines) throws BadRequestException {
        String head = "GET /wss HTTP/1.1\r\nHost: robot\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
        HeadReader reader = new HeadReader();
        assertThat(reader.read(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1))))
                .isTrue();
        InetSocketAddress client = ClientAddress.of(reader.head(), peer, ClientAddressTest::isTrusted);
        return client.getAddress().getHostAddress() + " " + client.getPort();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9|203.0.113.9 0",
                "203.0.113.9:4711|203.0.113.9 4711",
                "'  203.0.113.9  '|203.0.113.9 0",
                "\"203.0.113.9:4711\"|203.0.113.9 4711",
                "2001:db8::17|2001:db8:0:0:0:0:0:17 0",
                "[2001:db8::17]|2001:db8:0:0:0:0:0:17 0",
                "[2001:db8::17]:4711|2001:db8:0:0:0:0:0:17 4711",
                "::ffff:203.0.113.9|203.0.113.9 0",
                "198.51.100.1, 203.0.113.9|203.0.113.9 0",
                "198.51.100.1, 203.0.113.9, 10.9.9.9, fd00::1|203.0.113.9 0",
                "127.0.0.1, 203.0.113.9|203.0.113.9 0",
                "10.1.1.1, 10.2.2.2|10.1.1.1 0",
                "garbage, 203.0.113.9|203.0.113.9 0",
                "203.0.113.9, garbage|10.0.0.1 1234",
                "203.0.113.9, unknown, 10.2.2.2|10.2.2.2 0",
                "203.0.113.9,|10.0.0.1 1234",
                "203.0.113.999|10.0.0.1 1234",
                "203.0.113|10.0.0.1 1234",
                "203.0.113.9:99999|10.0.0.1 1234",
                "203.0.113.9:x|10.0.0.1 1234",
                "[2001:db8::17|10.0.0.1 1234",
                "fe80::1%eth0|10.0.0.1 1234",
                "localhost|10.0.0.1 1234",
            })
    void theLastHopThatIsNoProxyIsTheClient(String list, String client) throws Exception {
        assertThat(client(PROXY, "X-Forwarded-For: " + list)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.9|203.0.113.9 0",
                "proto=https; For=203.0.113.9;by=10.0.0.1|203.0.113.9 0",
                "for=\"[2001:db8:cafe::17]:4711\"|2001:db8:cafe:0:0:0:0:17 4711",
                "for=\"203.0.113.9:_hidden\"|203.0.113.9 0",
                "for=198.51.100.1, for=203.0.113.9, for=10.3.3.3|203.0.113.9 0",
                "for=\"198.51.100.1, for=203.0.113.9|203.0.113.9 0",
                "for=_secret|10.0.0.1 1234",
                "for=unknown|10.0.0.1 1234",
                "for=203.0.113.9;for=203.0.113.10|10.0.0.1 1234",
                "by=203.0.113.9|10.0.0.1 1234",
                ";;=,|10.0.0.1 1234",
            })
    void forwardedSaysTheSameInItsOwnWay(String list, String client) throws Exception {
        assertThat(client(PROXY, "Forwarded: " + list)).isEqualTo(client);
    }

    @Test
    void whoIsNoProxyIsNotBelieved() throws Exception {
        assertThat(client(address("203.0.113.5"), "X-Forwarded-For: 198.51.100.1", "Forwarded: for=198.51.100.2"))
                .isEqualTo("203.0.113.5 1234");
    }

    @Test
    void severalLinesAreOneListInTheirOrder() throws Exception {
        assertThat(client(PROXY, "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.9, 10.2.2.2"))
                .isEqualTo("203.0.113.9 0");
        assertThat(client(PROXY, "Forwarded: for=198.51.100.1", "Forwarded: for=203.0.113.9"))
                .isEqualTo("203.0.113.9 0");
    }

    @Test
    void aProxyThatTellsNothingIsTheClient() throws Exception {
        assertThat(client(PROXY)).isEqualTo("10.0.0.1 1234");
    }

    @Test
    void aSecondHeaderThatTheClientMadeUpAndTheProxyLetPassIsRefused() throws Exception {
        assertThatThrownBy(() -> client(PROXY, "Forwarded: for=198.51.100.1", "X-Forwarded-For: 203.0.113.9"))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> client(PROXY, "Forwarded: for=10.1.1.1", "X-Forwarded-For: 203.0.113.9"))
                .isInstanceOf(BadRequestException.class);
        assertThat(client(PROXY, "Forwarded: for=203.0.113.9", "X-Forwarded-For: 203.0.113.9"))
                .isEqualTo("203.0.113.9 0");
    }
}
