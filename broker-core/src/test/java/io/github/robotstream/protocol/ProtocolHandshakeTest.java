package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Getting in: a token among the subprotocols, pages of strangers, failed attempts, proxies. */
class ProtocolHandshakeTest extends ProtocolContract {
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

    /** Lets everybody in who has a token of the form {@code good-NAME}, under that name. */
    private static ClientPrincipal byName(AccessRequest request) throws TokenRejectedException {
        String token = request.token().orElse("");
        if (!token.startsWith("good-")) {
            throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "not good");
        }
        return ClientPrincipal.of(token.substring(5), Permissions.all());
    }

    private void startByName() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolHandshakeTest::byName)
                .http(http -> http.trustedProxies("127.0.0.0/8", "::1")));
    }

    private static Map<String, String> fromAPage(String... more) {
        Map<String, String> headers = new HashMap<>(Map.of("Origin", "http://192.168.1.7:8080"));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    private List<String> principals() {
        return test.broker().sessions().stream()
                .map(session -> session.principal().name())
                .toList();
    }

    @Test
    void aTokenAmongTheSubprotocolsIsAsGood() throws Exception {
        startByName();

        test.connect("", fromAPage(PROTOCOLS, "robotstream.v1, bearer.good-one"))
                .hearsNothing();
        test.connect("", Map.of(PROTOCOLS, "bearer.good-two,chat,robotstream.v1"))
                .hearsNothing();

        assertThat(principals()).containsExactlyInAnyOrder("one", "two");
    }

    @ParameterizedTest
    @CsvSource({
        "'bearer.good-a, bearer.good-a','',''",
        "bearer.good-a,token=good-a,''",
        "bearer.good-a,'',Bearer good-a",
        "bearer.,token=good-a,''",
    })
    void moreThanOneTokenInAllPlacesTogetherIsRefused(String protocols, String query, String authorization)
            throws Exception {
        startByName();
        ContractClient client = test.connect(
                query, fromAPage(PROTOCOLS, "robotstream.v1, " + protocols, "Authorization", authorization));

        assertThat(client.closeCode()).isEqualTo(1008);
        assertThat(client.closeReason()).startsWith("bad_request: ").doesNotContain("good-a");
        assertThat(principals()).isEmpty();
    }

    @Test
    void withoutTokensAStrangersPageIsToldThatItMayNot() throws Exception {
        start();
        ContractClient stranger = test.connect("", Map.of("Origin", "https://evil.example"));
        ContractClient rebound = test.connect("", Map.of("Origin", "http://evil.example", "Host", "evil.example:8765"));

        assertThat(stranger.closeCode()).isEqualTo(4403);
        assertThat(stranger.closeReason()).isEqualTo("forbidden: origin https://evil.example is not in allowedOrigins");
        assertThat(rebound.closeCode()).isEqualTo(4403);
        assertThat(rebound.closeReason()).isEqualTo("forbidden: host evil.example:8765 is not in allowedHosts");
        test.connect("", fromAPage()).hearsNothing();
        test.connect("", Map.of("Host", "evil.example")).hearsNothing();
        assertThat(principals()).hasSize(2);
    }

    @Test
    void thePagesThatMayConnectCanBeNamed() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolHandshakeTest::byName)
                .http(http -> http.allowedOrigins("https://a.example").allowedHosts("robot.local")));

        assertThat(test.connect("token=good-a", fromAPage()).closeCode()).isEqualTo(4403);
        Map<String, String> named = Map.of("Origin", "https://a.example", "Host", "robot.local:8765");
        test.connect("token=good-a", named).hearsNothing();
        Map<String, String> elsewhere = Map.of("Origin", "https://a.example", "Host", "evil.example");
        assertThat(test.connect("token=good-a", elsewhere).closeCode()).isEqualTo(4403);
        assertThat(principals()).containsExactly("a");
    }

    private ContractClient fails(String address) throws Exception {
        return test.connect("token=bad", fromAPage("X-Forwarded-For", address));
    }

    @Test
    void whoFailsTooOftenIsToldSoUnlessTheTokenVerifies() throws Exception {
        startByName();
        for (int i = 0; i < 10; i++) {
            assertThat(fails("203.0.113.9").closeCode()).isEqualTo(4401);
        }

        ContractClient tooOften = fails("203.0.113.9");
        assertThat(tooOften.closeCode()).isEqualTo(4429);
        assertThat(tooOften.closeReason())
                .isEqualTo("rate_limited retry_after_ms=100: too many failed attempts from this address");
        assertThat(fails("203.0.113.10").closeCode()).isEqualTo(4401);
        test.connect("token=good-a", fromAPage("X-Forwarded-For", "203.0.113.9"))
                .hearsNothing();

        test.advance(Duration.ofMillis(100));
        assertThat(fails("203.0.113.9").closeCode()).isEqualTo(4401);
    }

    private static String auth(int id, String token) {
        return json("{'action':'auth','id':" + id + ",'token':'" + token + "'}");
    }

    @Test
    void aTokenRefusedInASessionCountsAsAFailedAttemptOfItsAddress() throws Exception {
        startByName();
        Map<String, String> one = fromAPage("X-Forwarded-For", "203.0.113.9");
        ContractClient first = test.connect("token=good-a", one);
        ContractClient second = test.connect("token=good-b", one);
        for (int id = 0; id < 5; id++) {
            assertThat(first.ask(auth(id, "bad"))).contains("\"unauthorized\"");
            assertThat(second.ask(auth(id, "bad"))).contains("\"unauthorized\"");
        }

        assertThat(fails("203.0.113.9").closeCode()).isEqualTo(4429);
        assertThat(fails("203.0.113.10").closeCode()).isEqualTo(4401);
        ContractClient third = test.connect("token=good-c", one);
        assertThat(third.ask(auth(5, "bad"))).contains("\"rate_limited\"").contains("\"retry_after_ms\":100");
        assertThat(third.ask(auth(6, "good-c"))).contains("\"ack\"");

        test.advance(Duration.ofMillis(100));
        assertThat(third.ask(auth(7, "bad"))).contains("\"unauthorized\"");
        assertThat(fails("203.0.113.9").closeCode()).isEqualTo(4429);
    }

    @Test
    void failuresAtTheHandshakeCountForTheSessionsOfTheirAddress() throws Exception {
        startByName();
        ContractClient client = test.connect("token=good-a", fromAPage("X-Forwarded-For", "203.0.113.9"));
        for (int i = 0; i < 10; i++) {
            fails("203.0.113.9");
        }

        assertThat(client.ask(auth(1, "bad"))).contains("\"rate_limited\"");
        assertThat(client.ask(auth(2, "good-a"))).contains("\"ack\"");
    }

    @Test
    void whatAProxyTellsOfAClientIsWhereItIs() throws Exception {
        startByName();
        test.connect("token=good-a", Map.of("X-Forwarded-For", "198.51.100.1, 203.0.113.9:4711"));

        assertThat(test.broker().sessions())
                .singleElement()
                .satisfies(session ->
                        assertThat(session.remoteAddress().toString()).isEqualTo("/203.0.113.9:4711"));
        assertThat(test.connect("token=good-b").send(subscribe("server_logs")).frames())
                .filteredOn(entry -> entry.contains("client_connected"))
                .first()
                .asString()
                .contains("203.0.113.9:4711");
    }

    @Test
    void theClientsOfOneAddressBehindAProxyAreCountedAsThatAddress() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolHandshakeTest::byName)
                .limits(limits -> limits.connectionsPerAddress(2))
                .http(http -> http.trustedProxies("127.0.0.1")));
        Map<String, String> one = fromAPage("X-Forwarded-For", "203.0.113.9");
        ContractClient first = test.connect("token=good-a", one);
        test.connect("token=good-a", one).hearsNothing();

        ContractClient tooMany = test.connect("token=good-a", one);
        assertThat(tooMany.closeCode()).isEqualTo(4429);
        assertThat(tooMany.closeReason()).startsWith("rate_limited retry_after_ms=4000: ");
        test.connect("token=good-a", fromAPage("X-Forwarded-For", "203.0.113.10"))
                .hearsNothing();

        first.leave(1000, "bye");
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(2));
        test.connect("token=good-a", one).hearsNothing();
    }

    @Test
    void anAddressThatOpensConnectionsTooFastIsToldWhenToComeBack() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolHandshakeTest::byName)
                .limits(limits -> limits.connectionsPerAddress(4)
                        .newConnectionsPerAddress(1)
                        .failedAttemptsPerAddress(1000))
                .http(http -> http.trustedProxies("127.0.0.1")));
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < 100 && reasons.stream().noneMatch(reason -> reason.startsWith("rate_limited")); i++) {
            // Addresses of one network: a new one each time is of no use.
            Map<String, String> from = fromAPage("X-Forwarded-For", "2001:db8:0:1::" + i);
            reasons.add(test.connect("token=bad", from).closeReason());
        }

        assertThat(reasons.subList(0, 4)).allMatch(reason -> reason.startsWith("token_invalid"));
        assertThat(reasons.get(reasons.size() - 1))
                .matches("rate_limited retry_after_ms=[0-9]+: too many new connections from this address");
        test.connect("token=good-a", fromAPage("X-Forwarded-For", "2001:db8:0:2::1"))
                .hearsNothing();
    }
}
