package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.HandshakeRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRulesTest {
    private static final OriginRules BY_TOKEN = new OriginRules(false, "0.0.0.0", Set.of(), Set.of());
    private static final OriginRules ANONYMOUS = new OriginRules(true, "robot.local", Set.of(), Set.of());

    private static Optional<String> objection(OriginRules rules, String host, String origin) {
        Map<String, String> headers = new HashMap<>(Map.of("host", host));
        if (!origin.isEmpty()) {
            headers.put("origin", origin);
        }
        HandshakeRequest request = new HandshakeRequest(
                "/wss",
                Optional.empty(),
                headers,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
                List.of());
        return rules.objection(request);
    }

    private static boolean isLetIn(OriginRules rules, String host, String origin) {
        return objection(rules, host, origin).isEmpty();
    }

    @Test
    void whereATokenIsNeededAnyPageMayConnectToAnyName() {
        assertThat(isLetIn(BY_TOKEN, "whatever.example", "https://elsewhere.example"))
                .isTrue();
        assertThat(isLetIn(BY_TOKEN, "whatever.example", "null")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.5:8765, http://192.168.1.5:8765",
        "192.168.1.5:8765, http://192.168.1.7:8080",
        "127.0.0.1:8765, http://localhost:3000",
        "localhost:8765, http://127.0.0.1",
        "LOCALHOST, HTTP://LOCALHOST",
        "robot.local:8765, http://robot.local",
        "robot.local:8765, https://Robot.Local:8443",
        "203.0.113.9:8765, http://203.0.113.9",
        "[fd00::5]:8765, http://[fd00::7]:8080",
        "[::1]:8765, http://[::1]",
        "10.0.0.5, http://[fe80::1]",
    })
    void withoutTokensThePagesOfTheRobotAndItsNeighboursMayConnect(String host, String origin) {
        assertThat(objection(ANONYMOUS, host, origin)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example:8765, http://evil.example:8765", // its name was made to mean the robot's address
        "evil.example:8765, http://localhost",
        "127.0.0.1.evil.example, http://127.0.0.1.evil.example",
        "localhost.evil.example, http://localhost.evil.example",
        "robot.local.evil.example, http://robot.local.evil.example",
        "192.168.1.5:8765, https://evil.example", // looked at by somebody in the robot's network
        "192.168.1.5:8765, http://203.0.113.66", // the same by a page without a name
        "192.168.1.5:8765, http://192.168.1.5.evil.example",
        "192.168.1.5:8765, null",
        "192.168.1.5:8765, file://",
        "192.168.1.5:8765, 192.168.1.5",
        "192.168.1.5:8765, http://user@192.168.1.5",
        "192.168.1.5:8765, http://[2001:db8::1]",
        "192.168.1.5:8765, nonsense",
        "a:b:c, http://localhost",
        "[.a:b]:8765, http://localhost",
        "192.168.1.5:8765, http://[.a:b]",
        "'', http://localhost",
    })
    void withoutTokensAStrangersPageMayNot(String host, String origin) {
        assertThat(objection(ANONYMOUS, host, origin))
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("forbidden: ").hasSizeLessThan(124));
    }

    @Test
    void whoIsNoBrowserIsNotAsked() {
        assertThat(isLetIn(ANONYMOUS, "evil.example", "")).isTrue();
        assertThat(isLetIn(
                        new OriginRules(false, "0.0.0.0", Set.of(), Set.of("https://a.example")), "evil.example", ""))
                .isTrue();
    }

    @Test
    void aListNarrowsWhoMayConnectWithAToken() {
        OriginRules rules = new OriginRules(false, "0.0.0.0", Set.of(), Set.of("https://a.example:8443", "null"));

        assertThat(isLetIn(rules, "robot", "https://A.example:8443")).isTrue();
        assertThat(isLetIn(rules, "robot", "null")).isTrue();
        assertThat(isLetIn(rules, "robot", "https://a.example")).isFalse();
        assertThat(isLetIn(rules, "robot", "http://localhost")).isFalse();
    }

    @Test
    void aListOfHostsHoldsForTokensToo() {
        OriginRules rules = new OriginRules(false, "0.0.0.0", Set.of("robot.local"), Set.of());

        assertThat(isLetIn(rules, "robot.local:8765", "https://a.example")).isTrue();
        assertThat(isLetIn(rules, "10.0.0.5:8765", "https://a.example")).isTrue();
        assertThat(isLetIn(rules, "evil.example", "https://a.example")).isFalse();
    }

    @Test
    void whatIsNamedMayConnectWithoutATokenAndAStarIsAll() {
        assertThat(isLetIn(
                        new OriginRules(true, "0.0.0.0", Set.of(), Set.of("https://a.example")),
                        "localhost",
                        "https://a.example"))
                .isTrue();
        assertThat(isLetIn(new OriginRules(true, "0.0.0.0", Set.of(), Set.of("*")), "localhost", "null"))
                .isTrue();
        assertThat(isLetIn(new OriginRules(true, "0.0.0.0", Set.of(), Set.of("*")), "evil.example", "null"))
                .isFalse();
        assertThat(isLetIn(new OriginRules(true, "0.0.0.0", Set.of("*"), Set.of("*")), "evil.example", "null"))
                .isTrue();
    }

    @Test
    void aReasonShowsOnlyWhatLooksLikeAnOrigin() {
        assertThat(objection(ANONYMOUS, "127.0.0.1", "http://evil.example"))
                .hasValue("forbidden: origin http://evil.example is not in allowedOrigins");
        assertThat(objection(ANONYMOUS, "127.0.0.1", "http://evil \u0007<script>"))
                .hasValue("forbidden: origin (not shown) is not in allowedOrigins");
        assertThat(objection(ANONYMOUS, "x".repeat(5000), "http://localhost"))
                .hasValue("forbidden: host (not shown) is not in allowedHosts");
    }
}
