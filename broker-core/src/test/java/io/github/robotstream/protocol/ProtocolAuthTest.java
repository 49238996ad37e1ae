package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client brings a newer token while its session goes on. */
class ProtocolAuthTest extends ProtocolContract {
    private static final Permissions WIDE =
            Permissions.none().subscribe("pose", "joints/#").publish("cmd_vel");
    private static final Permissions NARROW = Permissions.none().subscribe("pose");

    private static final Topic<Double> CMD_VEL = Topic.command("cmd_vel", "float", Double.class);

    private final TokenTable tokens = new TokenTable();

    private ClientPrincipal operator(Permissions permissions, int seconds) {
        return ClientPrincipal.of("operator", permissions)
                .expiringAt(test.clock.now().plusSeconds(seconds));
    }

    private ContractClient operator() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens));
        tokens.with("first", () -> operator(WIDE, 60))
                .with("longer", () -> operator(WIDE, 600))
                .with("narrow", () -> operator(NARROW, 600))
                .with("endless", ClientPrincipal.of("operator", WIDE))
                .with("logs", ClientPrincipal.of("logs", Permissions.all()));
        return test.connect("token=first");
    }

    @AfterEach
    void release() {
        tokens.release();
    }

    private static String auth(int id, String token) {
        return json("{'action':'auth','id':" + id + ",'token':'" + token + "'}");
    }

    @Test
    void theSessionLastsAsLongAsTheNewerToken() throws Exception {
        ContractClient client = operator();
        test.advance(Duration.ofSeconds(59));

        assertThat(client.ask(auth(1, "longer")))
                .isEqualTo(json("{'action':'ack','id':1,'expires_in_ms':600000,'ended':0}"));

        test.advance(Duration.ofMillis(599_999));
        client.frames();
        assertThat(client.ask(with("'id':2", subscribe("pose")))).contains("\"ack\"");
        test.advance(Duration.ofMillis(1));
        assertThat(client.closeWord()).isEqualTo("token_expired");
    }

    @Test
    void aTokenWithoutEndLeavesASessionWithoutEnd() throws Exception {
        ContractClient client = operator();

        assertThat(client.ask(auth(1, "endless"))).isEqualTo(json("{'action':'ack','id':1,'ended':0}"));

        test.advance(Duration.ofDays(1));
        assertThat(client.ask(with("'id':2", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void withoutAnIdTheNewerTokenIsTakenWithoutAReply() throws Exception {
        ContractClient client = operator();
        client.send(json("{'action':'auth','token':'longer'}"));
        test.awaitThat(() -> assertThat(tokens.asked).hasSize(2));

        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"id\":1");
        test.advance(Duration.ofSeconds(61));
        assertThat(client.ask(with("'id':2", subscribe("pose")))).contains("\"id\":2");
    }

    @Test
    void subscriptionsThatTheNewRightsDoNotCoverEndAndAreTold() throws Exception {
        ContractClient client = operator();
        client.send(subscribe("pose")).send(subscribe("joints/+")).hearsNothing();
        ContractClient logs = test.connect("token=logs").send(subscribe("server_logs"));
        logs.frames();

        client.send(auth(1, "narrow"));

        assertThat(client.frames(2))
                .containsExactly(
                        json("{'action':'unsubscribed','topic':'joints/+','code':'forbidden'}"),
                        json("{'action':'ack','id':1,'expires_in_ms':600000,'ended':1}"));
        robotPublishes("joints/left", "1");
        robotPublishes("pose", "2");
        assertThat(client.frame()).isEqualTo(message("pose", "2"));
        assertThat(test.broker().sessions())
                .filteredOn(session -> session.id().equals("c-1"))
                .singleElement()
                .satisfies(session -> assertThat(session.subscriptions()).containsExactly("pose"));
        assertThat(logs.frames())
                .anyMatch(entry -> entry.contains(json("'event':'token_renewed'")) && entry.contains("operator"))
                .anyMatch(entry -> entry.contains(json("'event':'unsubscribed'"))
                        && entry.contains("does not allow")
                        && entry.contains(json("'topic':'joints/+'")));
    }

    /** Messages of 30 kB that a client which does not read has waiting, but for the first few. */
    private void publishMany(String... topics) {
        for (int i = 0; i < 50; i++) {
            for (String topic : topics) {
                robotPublishes(topic, "[" + i + ",\"" + "x".repeat(30_000) + "\"]");
            }
        }
    }

    private static List<String> losses(ContractClient logs) {
        return logs.frames().stream()
                .filter(entry -> entry.contains("messages_dropped"))
                .toList();
    }

    @Test
    void whatWaitedForASubscriptionThatIsTakenAwayIsToldAsLost() throws Exception {
        ContractClient client = operator();
        client.send(subscribe("joints/#")).hearsNothing();
        ContractClient logs = test.connect("token=logs").send(subscribe("server_logs"));
        client.stopReading();
        publishMany("joints/left", "joints/right");
        logs.frames();

        client.send(auth(1, "narrow"));
        test.awaitThat(() -> assertThat(tokens.asked).hasSize(3));
        test.awaitThat(() -> assertThat(lostByEnd()).isPositive());

        assertThat(losses(logs))
                .singleElement()
                .asString()
                .contains(json("'message':'c-1 lost what waited of joints/#, which its newer token does not allow',"
                        + "'client':'c-1','subject':'operator','topic':'joints/#','attrs':{'dropped':" + lostByEnd()
                        + ",'cause':'ended'}"));
        assertThat(test.broker().sessions())
                .anySatisfy(session -> assertThat(session.dropped()).isEqualTo(lostByEnd()));
    }

    private long lostByEnd() {
        return test.broker().stats().droppedByCause().get("ended");
    }

    @ParameterizedTest
    @CsvSource({"joints/#, joints/+", "joints/+, joints/#"})
    void whatAnotherSubscriptionWantsIsNotLost(String first, String second) throws Exception {
        ContractClient client = operator();
        tokens.with("plus", () -> operator(Permissions.none().subscribe("joints/+"), 600));
        client.send(subscribe(first)).send(subscribe(second)).hearsNothing();
        ContractClient logs = test.connect("token=logs").send(subscribe("server_logs"));
        client.stopReading();
        publishMany("joints/left", "joints/right");
        logs.frames();

        client.send(auth(1, "plus"));
        test.awaitThat(() -> assertThat(tokens.asked).hasSize(3));
        client.resumeReading();

        assertThat(client.frames(100 + 2))
                .filteredOn(frame -> frame.contains("xxx"))
                .hasSize(100);
        assertThat(losses(logs)).isEmpty();
        assertThat(lostByEnd()).isZero();
    }

    @Test
    void theNewRightsAreTheOnesThatCount() throws Exception {
        ContractClient client = operator();
        client.ask(auth(1, "narrow"));

        assertThat(client.ask(with("'id':2", message("cmd_vel", "1")))).contains("\"forbidden\"");
        assertThat(client.ask(with("'id':3", subscribe("joints/left")))).contains("\"forbidden\"");
        client.ask(auth(4, "longer"));
        assertThat(client.ask(with("'id':5", message("cmd_vel", "1")))).contains("\"ack\"");
        assertThat(client.ask(with("'id':6", subscribe("joints/left")))).contains("\"ack\"");
    }

    @Test
    void theRateIsTheNewTokensToo() throws Exception {
        ContractClient client = operator();
        tokens.with(
                "slow",
                ClientPrincipal.of("operator", WIDE)
                        .withRequestRate(RequestRate.perSecond(10).burst(1)));
        client.ask(auth(1, "slow"));
        test.advance(Duration.ofMillis(100)); // the request itself has taken what there was

        assertThat(client.ask(with("'id':2", message("cmd_vel", "1")))).contains("\"ack\"");
        assertThat(client.ask(with("'id':3", message("cmd_vel", "1"))))
                .contains("\"rate_limited\"")
                .contains("10 requests a second");
        test.advance(Duration.ofSeconds(1));
        client.ask(auth(4, "endless"));
        for (int id = 5; id < 50; id++) {
            assertThat(client.ask(with("'id':" + id, message("cmd_vel", "1")))).contains("\"ack\"");
        }
    }

    @Test
    void requestsStayInOrderAndNobodyElseWaitsForTheVerifier() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", Permissions.all()));
        ContractClient other = test.connect("token=logs").send(subscribe("#"));
        client.send(with("'id':1", message("cmd_vel", "1")))
                .send(auth(2, "thinking"))
                .send(with("'id':3", message("pose", "3")))
                .send(with("'id':4", message("cmd_vel", "4")));
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());

        assertThat(client.frame()).contains("\"id\":1");
        assertThat(other.frame()).isEqualTo(message("cmd_vel", "1"));
        robotPublishes("pose", "2");
        assertThat(other.frame()).isEqualTo(message("pose", "2"));
        tokens.release();

        assertThat(client.frames(3))
                .satisfiesExactly(
                        second -> assertThat(second).contains("\"id\":2"),
                        third -> assertThat(third).contains("\"ack\",\"id\":3"),
                        fourth -> assertThat(fourth).contains("\"ack\",\"id\":4"));
        assertThat(other.frames()).isEqualTo(List.of(message("pose", "3"), message("cmd_vel", "4")));
    }

    @Test
    void whatIsPublishedAfterATokenByAClientThatLeavesIsDoneWithTheRightsOfThatToken() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", Permissions.all()));
        ContractClient other = test.connect("token=logs").send(subscribe("pose"));
        client.send(auth(1, "thinking")).send(message("pose", "1")).leave(1000, "");
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());
        tokens.release();

        assertThat(other.frames(1)).containsExactly(message("pose", "1"));
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
    }

    @Test
    void whatWaitedForAVerdictIsAsOldAsItIs() throws Exception {
        ContractClient client = operator();
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", WIDE));
        Input<Double> input = test.broker().input(CMD_VEL);
        client.send(auth(1, "thinking")).send(message("cmd_vel", "1.5")).leave(1000, "");
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());
        test.advance(Duration.ofMillis(4_500));
        tokens.release();

        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
        assertThat(input.latestOr(0.0, Duration.ofMillis(4_499)))
                .as("its client has long gone")
                .isZero();
        assertThat(input.latestOr(0.0, Duration.ofMillis(4_500))).isEqualTo(1.5);
    }

    @Test
    void whatAClientSentBeforeItLeftIsNotDoneAfterTheEndOfItsToken() throws Exception {
        ContractClient client = operator();
        test.advance(Duration.ofSeconds(58));
        assertThatNothingIsDoneOfWhatWaits(client, () -> test.advance(Duration.ofSeconds(2)));
    }

    @Test
    void whatAClientSentBeforeItLeftIsNotDoneOnceItIsDisconnected() throws Exception {
        ContractClient client = operator();
        assertThatNothingIsDoneOfWhatWaits(
                client,
                () -> assertThat(test.broker().disconnect("c-1", "enough")).isTrue());
    }

    @Test
    void whatAClientSentBeforeItLeftIsNotDoneOnceItIsDenied() throws Exception {
        ContractClient client = operator();
        assertThatNothingIsDoneOfWhatWaits(
                client, () -> test.broker().access().denySubject("operator", Duration.ofHours(1)));
    }

    private void assertThatNothingIsDoneOfWhatWaits(ContractClient client, Runnable removal) throws Exception {
        tokens.blockingOn("thinking", ClientPrincipal.of("operator", WIDE));
        Input<Double> input = test.broker().input(CMD_VEL);
        client.send(auth(1, "thinking")).send(message("cmd_vel", "1.5")).leave(1000, "");
        test.awaitThat(() -> assertThat(tokens.isEntered()).isTrue());
        removal.run();
        tokens.release();

        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
        test.settle();
        assertThat(input.drain()).isEmpty();
    }

    @Test
    void theVerifierIsToldWhoTheClientIsAlreadyAndWhereItCameFrom() throws Exception {
        ContractClient client = operator();
        client.ask(auth(1, "longer"));

        assertThat(tokens.asked.get(0).present()).isEmpty();
        assertThat(tokens.asked.get(1)).satisfies(request -> {
            assertThat(request.present().orElseThrow().name()).isEqualTo("operator");
            assertThat(request.token()).contains("longer");
            assertThat(request.path()).isEqualTo("/wss");
            assertThat(request.remoteAddress()).isEqualTo(tokens.asked.get(0).remoteAddress());
        });
    }
}
