package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.AccessControl;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Robot code takes access from clients whose tokens are good. */
class ProtocolDeniedTest extends ProtocolContract {
    private static final Duration HOUR = Duration.ofHours(1);

    private final TokenTable tokens = new TokenTable()
            .with("one", token("alice", "jti-1"))
            .with("two", token("alice", "jti-2"))
            .with("bob", token("bob", "jti-3"))
            .with("without-id", ClientPrincipal.of("alice", Permissions.all()));

    private static ClientPrincipal token(String subject, String id) {
        return ClientPrincipal.of(subject, Permissions.all()).withAttributes(Map.of("jti", id));
    }

    @AfterEach
    void release() {
        tokens.release();
    }

    private AccessControl access() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens));
        return test.broker().access();
    }

    private ContractClient connect(String token) throws Exception {
        return test.connect("token=" + token);
    }

    private static String auth(String token) {
        return json("{'action':'auth','id':1,'token':'" + token + "'}");
    }

    private static void assertServed(ContractClient client) {
        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
    }

    private void assertKeptOut(String token) throws Exception {
        ContractClient client = test.requestUpgrade("token=" + token, Map.of("Origin", "null"));
        assertThat(client.closeCode()).isEqualTo(4403);
        assertThat(client.closeWord()).isEqualTo("denied");
    }

    @Test
    void allSessionsOfASubjectCanBeEnded() throws Exception {
        AccessControl access = access();
        ContractClient first = connect("one");
        ContractClient second = connect("two");
        ContractClient bob = connect("bob");

        assertThat(access.disconnectSubject("alice", "maintenance")).isEqualTo(2);

        for (ContractClient client : new ContractClient[] {first, second}) {
            assertThat(client.closeCode()).isEqualTo(4403);
            assertThat(client.closeReason()).isEqualTo("disconnected: maintenance");
        }
        assertServed(bob);
        assertServed(connect("one"));
        assertThat(access.disconnectSubject("nobody", "x")).isZero();
    }

    @Test
    void aDeniedSubjectIsSentAwayAndKeptOutWhateverItsToken() throws Exception {
        AccessControl access = access();
        ContractClient inside = connect("one");
        ContractClient bob = connect("bob");

        assertThat(access.denySubject("alice", HOUR)).isEqualTo(1);

        assertThat(inside.closeCode()).isEqualTo(4403);
        assertThat(inside.closeWord()).isEqualTo("denied");
        assertKeptOut("one");
        assertKeptOut("two");
        assertKeptOut("without-id");
        assertServed(bob);
    }

    @Test
    void aDeniedTokenIsKeptOutAndItsOwnersOthersAreNot() throws Exception {
        AccessControl access = access();
        ContractClient one = connect("one");
        ContractClient two = connect("two");

        assertThat(access.denyToken("jti-1", HOUR)).isEqualTo(1);

        assertThat(one.closeCode()).isEqualTo(4403);
        assertKeptOut("one");
        assertServed(two);
    }

    @Test
    void aTokenThatIsDeniedIsNotTakenByASessionEither() throws Exception {
        AccessControl access = access();
        access.denyToken("jti-2", HOUR);
        ContractClient client = connect("one");

        assertError(client.ask(auth("two")), "'id':1,'request':'auth',", "forbidden", 403);

        assertServed(client);
        // It has not become that token's: denying the one that it came with ends it.
        assertThat(access.denyToken("jti-1", HOUR)).isEqualTo(1);
        assertThat(client.closeCode()).isEqualTo(4403);
    }

    @Test
    void aSessionIsEndedByItsNewestToken() throws Exception {
        AccessControl access = access();
        ContractClient client = connect("one");
        client.ask(auth("two"));

        assertThat(access.denyToken("jti-1", HOUR)).isZero();
        assertServed(client);
        assertThat(access.denyToken("jti-2", HOUR)).isEqualTo(1);
        assertThat(client.closeCode()).isEqualTo(4403);
    }

    @Test
    void whoIsDeniedWhileTheVerifierThinksIsNotLetIn() throws Exception {
        AccessControl access = access();
        tokens.blockingOn("thinking", token("alice", "jti-4"));
        ContractClient client = test.requestUpgrade("token=thinking", Map.of("Origin", "null"));
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        access.denyToken("jti-4", HOUR);
        tokens.release();

        assertThat(client.closeCode()).isEqualTo(4403);
    }

    @Test
    void aDenialEndsAfterItsTimeByBothClocks() throws Exception {
        AccessControl access = access();
        access.denySubject("alice", HOUR);
        access.denyToken("jti-3", HOUR);
        test.advance(HOUR.minusMillis(1));
        assertKeptOut("one");
        assertKeptOut("bob");

        test.clock.setWall(test.clock.now().minusSeconds(60));
        test.advance(Duration.ofSeconds(1));
        assertKeptOut("one"); // tokens are good for a minute longer, too
        test.clock.setWall(test.clock.now().plusSeconds(60));

        assertServed(connect("one"));
        assertServed(connect("bob"));
    }

    @Test
    void aClockThatIsSetAheadEndsNoDenial() throws Exception {
        AccessControl access = access();
        access.denySubject("alice", HOUR);

        test.clock.setWall(test.clock.now().plus(Duration.ofDays(365)));

        assertKeptOut("one");
    }

    @Test
    void aShorterDenialDoesNotCutALongerOne() throws Exception {
        AccessControl access = access();
        access.denySubject("alice", HOUR);
        access.denySubject("alice", Duration.ofSeconds(1));
        test.advance(Duration.ofMinutes(59));

        assertKeptOut("one");
    }

    @Test
    void aDenialCanBeTakenBack() throws Exception {
        AccessControl access = access();
        access.denySubject("alice", HOUR);
        access.denyToken("jti-3", HOUR);

        assertThat(access.allowSubject("alice")).isTrue();
        assertThat(access.allowToken("jti-3")).isTrue();

        assertThat(access.allowSubject("alice")).isFalse();
        assertServed(connect("one"));
        assertServed(connect("bob"));
    }

    @Test
    void theListIsBoundedAndSaysSoInsteadOfForgetting() throws Exception {
        AccessControl access = access();
        for (int i = 0; i < 10_000; i++) {
            access.denySubject("subject-" + i, HOUR);
        }

        assertThatThrownBy(() -> access.denySubject("alice", HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("10000 subjects");
        access.denySubject("subject-0", HOUR.plusHours(1)); // that is there already
        access.denyToken("jti-1", HOUR);
        assertKeptOut("one");
        test.advance(HOUR);
        access.denySubject("alice", HOUR);
        assertKeptOut("two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "long"})
    void whatCanBeNobodysNameIsRefused(String name) throws Exception {
        AccessControl access = access();
        String value = name.equals("long") ? "x".repeat(256) : name;
        assertThatThrownBy(() -> access.denySubject(value, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subject has " + value.length());
        assertThatThrownBy(() -> access.denyToken(value, HOUR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenId has " + value.length());
        assertThatThrownBy(() -> access.denyToken("jti-1", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("time is PT0S");
    }
}
