package io.github.robotstream.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Limits;
import io.github.robotstream.Permissions;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.testing.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How many sessions one subject may have, and that the newest counts. */
class ProtocolSubjectTest extends ProtocolContract {
    private final TokenTable tokens = new TokenTable()
            .with("alice", ClientPrincipal.of("alice", Permissions.all()))
            .with("alices-other", ClientPrincipal.of("alice", Permissions.all()))
            .with("bob", ClientPrincipal.of("bob", Permissions.all()));

    private static final byte[] SECRET = "a secret of tests, 32 bytes long".getBytes(UTF_8);
    private static final Tokens TOKENS_OF_A_SECRET = new Tokens(SECRET);

    private void startWith(Consumer<Limits> limits) throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens).limits(limits));
    }

    private ContractClient connect(String token) throws Exception {
        return test.connect("token=" + token);
    }

    private static void assertServed(ContractClient client) {
        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void theNewestSessionTakesThePlaceOfTheOldest() throws Exception {
        startWith(limits -> limits.sessionsPerSubject(2));
        ContractClient oldest = connect("alice");
        ContractClient older = connect("alices-other");
        ContractClient bob = connect("bob");

        ContractClient newest = connect("alice");

        assertThat(oldest.closeCode()).isEqualTo(4409);
        assertThat(oldest.closeWord()).isEqualTo("replaced");
        for (ContractClient client : List.of(older, bob, newest)) {
            assertServed(client);
        }
        connect("alice");
        assertThat(older.closeCode()).isEqualTo(4409);
        test.awaitThat(() -> assertThat(test.broker().sessions())
                .extracting(SessionSnapshot::id)
                .containsExactlyInAnyOrder("c-3", "c-4", "c-5"));
    }

    @Test
    void whoSaysNothingAnyMoreDoesNotLockItsOwnerOut() throws Exception {
        startWith(limits -> limits.sessionsPerSubject(1).sessions(2));
        connect("bob");
        connect("alice").stopReading();

        // All places are taken, one of them by a connection that is half open.
        ContractClient newest = connect("alice");

        assertServed(newest);
        assertThat(test.requestUpgrade("token=eve", Map.of("Origin", "null")).closeCode())
                .isEqualTo(4401);
        tokens.with("carol", ClientPrincipal.of("carol", Permissions.all()));
        assertThat(test.requestUpgrade("token=carol", Map.of("Origin", "null")).closeCode())
                .isEqualTo(1013);
    }

    @Test
    void aPlaceThatWasGivenUpIsFreeOnce() throws Exception {
        startWith(limits -> limits.sessionsPerSubject(1).sessions(2));
        ContractClient replaced = connect("alice");
        ContractClient newest = connect("alice");
        assertThat(replaced.closeCode()).isEqualTo(4409);
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));

        newest.leave(1000, "");
        assertServed(connect("alice"));
        assertServed(connect("bob"));
        tokens.with("carol", ClientPrincipal.of("carol", Permissions.all()));
        assertThat(test.requestUpgrade("token=carol", Map.of("Origin", "null")).closeCode())
                .isEqualTo(1013);
    }

    @Test
    void aSessionThatHasLeftDoesNotCount() throws Exception {
        startWith(limits -> limits.sessionsPerSubject(2));
        ContractClient first = connect("alice");
        connect("alice").leave(1000, "");

        ContractClient third = connect("alice");

        assertServed(first);
        assertServed(third);
    }

    @Test
    void unlessSetASubjectHasAsManyAsComes() throws Exception {
        startWith(limits -> {});
        for (int i = 0; i < 20; i++) {
            connect("alice");
        }

        assertThat(test.broker().sessions()).hasSize(20);
    }

    private static String withoutSubject(String id) {
        return TOKENS_OF_A_SECRET.signed("{\"jti\":\"" + id + "\",\"exp\":4102444800}");
    }

    private void startWithJwts() throws Exception {
        startGuarded(
                settings -> settings.tokenVerifier(JwtTokenVerifier.hmac(SECRET).build())
                        .limits(limits -> limits.sessionsPerSubject(1)));
    }

    @Test
    void aTokenWithoutSubjectIsASubjectOfItsOwn() throws Exception {
        startWithJwts();
        ContractClient one = connect(withoutSubject("1"));
        ContractClient other = connect(withoutSubject("2"));
        assertServed(one);
        assertServed(other);

        ContractClient oneAgain = connect(withoutSubject("1"));

        assertThat(one.closeCode()).isEqualTo(4409);
        assertServed(other);
        assertServed(oneAgain);
    }

    @Test
    void denyingOneTokenWithoutSubjectByItsNameLeavesTheOthers() throws Exception {
        startWithJwts();
        ContractClient one = connect(withoutSubject("1"));
        String name = test.broker().sessions().get(0).principal().name();
        ContractClient other = connect(withoutSubject("2"));

        assertThat(test.broker().access().denySubject(name, Duration.ofHours(1)))
                .isEqualTo(1);

        assertThat(one.closeCode()).isEqualTo(4403);
        assertServed(other);
    }

    @Test
    void aTokenWithoutSubjectDoesNotRenewASessionOfAnother() throws Exception {
        startWithJwts();
        ContractClient one = connect(withoutSubject("1"));

        assertError(
                one.ask(json("{'action':'auth','id':1,'token':'" + withoutSubject("2") + "'}")),
                "'id':1,'request':'auth',",
                "forbidden",
                403);

        assertServed(one);
    }

    @Test
    void whoComesWithoutATokenIsNobodyInParticular() throws Exception {
        start(settings -> settings.limits(limits -> limits.sessionsPerSubject(1)));
        ContractClient first = connect();
        ContractClient second = connect();

        assertServed(first);
        assertServed(second);
    }
}
