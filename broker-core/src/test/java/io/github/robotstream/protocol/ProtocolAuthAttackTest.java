package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody tries with the tokens that a session takes; each leaves the session as it was. */
class ProtocolAuthAttackTest extends ProtocolContract {
    private static final Permissions FEW = Permissions.none().subscribe("pose").publish("cmd_vel");

    private final TokenTable tokens = new TokenTable();

    @AfterEach
    void release() {
        tokens.release();
    }

    private ContractClient operator() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens)
                .topic(Topic.state("battery", "float", Double.class))
                .limits(limits -> limits.requestRate(RequestRate.perSecond(1000))));
        tokens.with(
                        "first",
                        () -> ClientPrincipal.of("operator", FEW)
                                .expiringAt(test.clock.now().plusSeconds(60)))
                .with("wide", ClientPrincipal.of("operator", Permissions.all()))
                .with("of-admin", ClientPrincipal.of("admin", Permissions.all()))
                .with("of-Operator", ClientPrincipal.of("Operator", Permissions.all()))
                .with(
                        "over",
                        () -> ClientPrincipal.of("operator", Permissions.all()).expiringAt(test.clock.now()))
                .with("logs", ClientPrincipal.of("logs", Permissions.all()));
        return test.connect("token=first").send(subscribe("pose"));
    }

    private static String auth(int id, String token) {
        return json("{'action':'auth','id':" + id + ",'token':'" + token + "'}");
    }

    /** It has the rights and the time that it had, and its subscription. */
    private void assertAsItWas(ContractClient client) throws Exception {
        assertThat(client.ask(with("'id':90", subscribe("joints")))).contains("\"forbidden\"");
        assertThat(client.ask(with("'id':91", message("cmd_vel", "1")))).contains("\"ack\"");
        robotPublishes("pose", "1");
        assertThat(client.frame()).isEqualTo(message("pose", "1"));
        test.advance(Duration.ofSeconds(60));
        assertThat(client.closeCode()).isEqualTo(4401);
    }

    @ParameterizedTest
    @CsvSource({
        "stolen, unauthorized, 401", // made up
        "expired-long-ago, token_expired, 401",
        "over, token_expired, 401", // by the broker's clock
        "of-admin, forbidden, 403", // another subject, with wider rights
        "of-Operator, forbidden, 403",
    })
    void aTokenThatIsNotTakenLeavesTheSessionAsItWas(String token, String code, int status) throws Exception {
        ContractClient client = operator();

        assertError(client.ask(auth(1, token)), "'id':1,'request':'auth',", code, status);

        assertAsItWas(client);
    }

    @Test
    void aVerifierThatIsDownCostsNobodyTheSession() throws Exception {
        ContractClient client = operator();

        assertThat(client.ask(auth(1, "offline-token")))
                .startsWith(json("{'action':'error','id':1,'request':'auth','code':'overloaded','status':503,"))
                .endsWith(json("'retry':true,'retry_after_ms':2000}"));

        assertAsItWas(client);
    }

    @Test
    void aVerifierThatTakesTooLongIsNotWaitedFor() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", Permissions.all()));
        client.send(auth(1, "thinking")).send(with("'id':2", message("cmd_vel", "1")));
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        test.advance(Duration.ofMillis(4_999));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));

        assertThat(client.frames(2))
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"overloaded\""),
                        second -> assertThat(second).contains("\"ack\",\"id\":2"));
        tokens.release();
        client.hearsNothing();
        assertThat(client.ask(with("'id':3", subscribe("joints")))).contains("\"forbidden\"");
    }

    @Test
    void aTokenThatIsBeingJudgedDoesNotLengthenTheSession() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", Permissions.all()));
        test.advance(Duration.ofSeconds(58));
        client.send(auth(1, "thinking"));
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        test.advance(Duration.ofSeconds(2));
        tokens.release();

        assertThat(client.closeWord()).isEqualTo("token_expired");
        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
    }

    @Test
    void aFloodOfTokensIsJudgedOneASecond() throws Exception {
        ContractClient client = operator();
        for (int id = 0; id < 200; id++) {
            client.send(auth(id, "guess-" + id));
        }
        List<String> frames = new ArrayList<>();
        test.awaitThat(() -> {
            frames.addAll(client.frames());
            assertThat(frames).hasSizeGreaterThanOrEqualTo(10);
        });

        assertThat(tokens.asked).hasSize(1 + 5);
        assertThat(frames)
                .filteredOn(frame -> frame.contains("\"rate_limited\""))
                .isNotEmpty()
                .allMatch(frame -> frame.contains(json("'retry_after_ms':1000")));
        test.advance(Duration.ofSeconds(1));
        client.frames();
        assertThat(client.ask(auth(300, "wide"))).contains("\"ack\"");
        assertThat(tokens.asked).hasSize(1 + 6);
    }

    @Test
    void manySessionsThatSendTokensLeaveRoomAtTheHandshake() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", Permissions.all()));
        client.send(auth(0, "thinking"));
        for (int i = 1; i < 90; i++) {
            test.connect("token=first").send(auth(i, "thinking"));
        }
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        ContractClient late = test.connect("token=logs");
        assertThat(late.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void manyWhoWantToGetInLeaveRoomForTheTokensOfSessions() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("stranger", Permissions.none()));
        for (int i = 0; i < 90; i++) {
            test.requestUpgrade("token=thinking", Map.of());
        }
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        assertThat(client.ask(auth(1, "wide"))).contains("\"ack\"");
    }

    @Test
    void aTypeThatWasNotLookedAtForWantOfRightsIsLookedAtOnceTheyAreThere() throws Exception {
        ContractClient client = operator();
        client.send(auth(1, "wide"))
                .send(json("{'action':'publish','id':2,'topic':'battery','data':{'name':'b','type':'x','data':1}}"))
                .send(
                        json(
                                "{'action':'publish','id':3,'topic':'battery','data':{'name':'b','type':'float','data':'full'}}"))
                .send(with("'id':4", message("battery", "25.1")));

        assertThat(client.frames(4))
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"ack\",\"id\":1"),
                        second -> assertThat(second).contains("\"id\":2").contains("\"type_mismatch\""),
                        third -> assertThat(third).contains("\"id\":3").contains("\"type_mismatch\""),
                        fourth -> assertThat(fourth).contains("\"ack\",\"id\":4"));
    }

    @Test
    void noTokenIsEchoedOrLogged() throws Exception {
        ContractClient client = operator();
        ContractClient logs = test.connect("token=logs").send(subscribe("server_logs"));
        List<String> told = new ArrayList<>();
        for (String token : new String[] {"secret-made-up", "expired-secret", "offline-secret", "wide"}) {
            told.add(client.ask(auth(1, token)));
        }
        told.add(client.ask(json("{'action':'auth','id':2,'token':'secret-long" + "x".repeat(16_384) + "'}")));
        told.add(client.ask(json("{'action':'auth','id':3,'token':['secret-list']}")));
        told.add(client.ask(json("{'action':'auth','id':4,'token':''}")));
        assertThat(told.subList(4, 7)).allMatch(frame -> frame.contains("\"bad_request\""));
        told.addAll(logs.frames());

        assertThat(told)
                .anyMatch(line -> line.contains("token_refused") && line.contains("nobody knows the token \u2026"))
                .noneMatch(line -> line.contains("secret"));
    }
}
