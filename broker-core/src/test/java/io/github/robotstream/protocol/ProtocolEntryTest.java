package io.github.robotstream.protocol;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.jwt.TokenForge;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.ManualClock;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Getting in: where the token stands, who is let in, and what the others are told. */
class ProtocolEntryTest extends ProtocolContract {
    private static final byte[] SECRET = "thirty-two bytes of a test's key".getBytes(StandardCharsets.UTF_8);
    private static final TokenForge FORGE = TokenForge.with(SECRET, "HmacSHA256");
    private static final Instant NOW = ManualClock.BEGIN;
    private static final Map<String, String> FROM_A_PAGE = Map.of("Origin", "http://192.168.1.7:8080");

    /** Lets everybody in under the name that is their token. */
    private static ClientPrincipal named(AccessRequest request) throws TokenRejectedException {
        return ClientPrincipal.of(
                request.token()
                        .orElseThrow(() ->
                                new TokenRejectedException(TokenRejectedException.Reason.TOKEN_MISSING, "no token")),
                Permissions.all());
    }

    private static TokenVerifier jwt() {
        return JwtTokenVerifier.hmac(SECRET)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
    }

    private static String token(Instant expiry) {
        return FORGE.token(json("{'sub':'operator-3','exp':" + expiry.getEpochSecond() + "}"));
    }

    private List<String> principals() {
        return test.broker().sessions().stream()
                .map(session -> session.principal().name())
                .toList();
    }

    @Test
    void aGoodTokenInTheQueryIsLetInAndHearsNothingUntilItAsks() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(jwt()));
        ContractClient client = test.connect("token=" + token(NOW.plusSeconds(60)));

        client.hearsNothing();
        assertThat(principals()).containsExactly("operator-3");
        assertThat(client.send(subscribe("server_logs")).frames()).isNotEmpty();
    }

    @Test
    void anAuthorizationHeaderDoesTheSame() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(jwt()));

        test.connect("", Map.of("Authorization", "Bearer " + token(NOW.plusSeconds(60))))
                .hearsNothing();
        test.connect("", Map.of("Authorization", "bearer  " + token(NOW.plusSeconds(60))))
                .hearsNothing();

        assertThat(principals()).containsExactly("operator-3", "operator-3");
    }

    @Test
    void aTokenIsPercentDecodedOnceAndAPlusStaysOne() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolEntryTest::named));

        test.connect("frame=flat&token=a%2541%2Bb+c%3D%3D&other=1");
        test.connect("", Map.of("Authorization", "Bearer a%2541"));

        assertThat(principals()).containsExactlyInAnyOrder("a%41+b+c==", "a%2541");
    }

    @ParameterizedTest
    @CsvSource({"token=good&token=good,''", "token=good,Bearer good", "token=,Bearer good", "token=%zz,''"})
    void twoTokensOrOneThatCannotBeReadAreRefused(String query, String authorization) throws Exception {
        startGuarded(settings -> settings.tokenVerifier(ProtocolEntryTest::named));
        Map<String, String> headers = new HashMap<>(FROM_A_PAGE);
        headers.put("Authorization", authorization);
        ContractClient client = test.connect(query, headers);

        assertThat(client.closeCode()).isEqualTo(1008);
        assertThat(client.closeReason())
                .startsWith("bad_request: ")
                .contains("token")
                .doesNotContain("good", "zz");
        assertThat(principals()).isEmpty();
    }

    @Test
    void whoHasNoTokenOrABadOrAnOldOneIsToldWhichAndNothingElse() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(jwt()));
        String good = token(NOW.plusSeconds(60));
        String forged = good.substring(0, good.length() - 4) + "AAAA";

        assertRefused(test.connect("", FROM_A_PAGE), "token_missing");
        assertRefused(test.connect("token=", FROM_A_PAGE), "token_missing");
        Map<String, String> basic = new HashMap<>(FROM_A_PAGE);
        basic.put("Authorization", "Basic cm9ib3Q6cm9ib3Q=");
        assertRefused(test.connect("", basic), "token_missing");
        assertRefused(test.connect("token=" + forged, FROM_A_PAGE), "token_invalid");
        assertRefused(test.connect("token=nonsense", FROM_A_PAGE), "token_invalid");
        assertRefused(test.connect("token=" + token(NOW.minusSeconds(60)), FROM_A_PAGE), "token_expired");
        assertThat(principals()).isEmpty();
    }

    private static void assertRefused(ContractClient client, String word) {
        assertThat(client.closeCode()).isEqualTo(4401);
        assertThat(client.closeReason()).startsWith(word + ": ");
        assertThat(client.frames()).isEmpty();
    }

    @Test
    void whatARefusedClientSendsIsNotDone() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(jwt()));
        ContractClient refused = test.requestUpgrade("token=nonsense", FROM_A_PAGE);
        try {
            refused.send(message("pose", "1"));
        } catch (UncheckedIOException closedAlready) {
            // as it should be
        }
        assertThat(refused.closeCode()).isEqualTo(4401);

        assertThat(test.connect("token=" + token(NOW.plusSeconds(60))).ask(with("'id':1", subscribe("pose"))))
                .contains(json("'known':false"));
    }

    @Test
    void aRefusalIsToldOnServerLogsWithItsReasonAndAddressAndWithoutTheToken() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(request -> {
            if (request.token().orElse("").equals("operator")) {
                return ClientPrincipal.of("operator", Permissions.all());
            }
            throw new TokenRejectedException(
                    TOKEN_INVALID, "no such token: " + request.token().orElse("none"));
        }));
        ContractClient refused = test.requestUpgrade("token=s3cret-token", FROM_A_PAGE);

        assertThat(refused.closeCode()).isEqualTo(4401);
        assertThat(refused.closeReason()).isEqualTo("token_invalid: no such token: \u2026");
        assertThat(test.connect("token=operator").send(subscribe("server_logs")).frames())
                .noneSatisfy(entry -> assertThat(entry).contains("s3cret"))
                .filteredOn(entry -> entry.contains("client_refused"))
                .singleElement()
                .asString()
                .contains(json("'level':'WARN','severity':13,'event':'client_refused',"
                        + "'message':'token_invalid: no such token: \u2026','attrs':{'address':'127.0.0.1'}}"));
    }

    @Test
    void aCloseReasonIsCutAtTheBorderOfACharacter() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(request -> {
            throw new TokenRejectedException(TOKEN_INVALID, "\u00e9".repeat(100));
        }));
        String reason = test.requestUpgrade("token=x", FROM_A_PAGE).closeReason();

        assertThat(reason).startsWith("token_invalid: \u00e9").matches("token_invalid: \u00e9+");
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(120, 123);
    }

    @Test
    void withAnonymousAccessEverybodyGetsInAndHasThoseRights() throws Exception {
        startGuarded(settings ->
                settings.anonymousAccess(Permissions.none().subscribe("pose").publish("go")));
        ContractClient client = test.connect("token=whatever");

        assertThat(principals()).containsExactly("anonymous");
        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
        assertThat(client.ask(with("'id':2", message("go", "1")))).contains("\"ack\"");
        assertError(client.ask(subscribe("go")), "'request':'subscribe','topic':'go',", "forbidden", 403);
        assertError(client.ask(message("pose", "1")), "'request':'publish','topic':'pose',", "forbidden", 403);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whoDoesNotFitIsToldToComeBackLater(int most) throws Exception {
        start(settings -> settings.limits(limits -> limits.sessions(most)));
        ContractClient first = connect();
        for (int i = 1; i < most; i++) {
            connect();
        }

        ContractClient tooMany = test.connect("", FROM_A_PAGE);
        assertThat(tooMany.closeCode()).isEqualTo(1013);
        assertThat(tooMany.closeReason()).startsWith("overloaded retry_after_ms=4000");
        first.hearsNothing();

        first.leave(1000, "bye");
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(most - 1));
        connect().hearsNothing();
    }
}
