package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.jwt.TokenForge;
import io.github.robotstream.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who got in may do. */
class ProtocolRightsTest extends ProtocolContract {

    private void startFor(Permissions permissions) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(permissions));
    }

    private static void assertForbidden(ContractClient client, String action, String topic) {
        String request = action.equals("publish") ? message(topic, "1") : subscribe(topic);
        assertError(
                client.ask(with("'id':1", request)),
                "'id':1,'request':'" + action + "','topic':'" + topic + "',",
                "forbidden",
                403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pose", "joints", "joints/left/angle", "joints/+/angle", "joints/#"})
    void aSubscriptionThatARightCoversIsAllowed(String filter) throws Exception {
        startFor(Permissions.none().subscribe("pose", "joints/#"));

        assertThat(connect().ask(with("'id':1", subscribe(filter)))).contains("\"ack\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "+/left", "pose/x", "pose/#", "server_logs", "$broker", "cmd_vel"})
    void aSubscriptionThatReachesFurtherThanTheRightsIsForbidden(String filter) throws Exception {
        startFor(Permissions.none().subscribe("pose", "joints/#").publish("cmd_vel"));
        ContractClient client = connect();

        assertForbidden(client, "subscribe", filter);
        robotPublishes("pose", "1");
        client.hearsNothing();
    }

    @Test
    void publishingNeedsARightToo() throws Exception {
        startFor(Permissions.none().subscribe("#").publish("cmd/+"));
        ContractClient client = subscriber("#");

        assertForbidden(client, "publish", "pose");
        assertForbidden(client, "publish", "cmd");
        client.send(message("cmd/vel", "1"));
        assertThat(client.frame()).isEqualTo(message("cmd/vel", "1"));
        assertThat(client.ask(with("'id':1,'options':{'retained':false}", subscribe("pose"))))
                .contains(json("'known':false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_logs", "$broker", "$SYS/x"})
    void nobodyPublishesOnTopicsOfTheBroker(String topic) throws Exception {
        startFor(Permissions.all().publish("#", "server_logs", "$broker", "$SYS/#"));

        assertForbidden(connect(), "publish", topic);
    }

    @Test
    void topicsOfTheBrokerAreReadByARightThatNamesThem() throws Exception {
        startFor(Permissions.none().subscribe("#"));
        assertForbidden(connect(), "subscribe", "server_logs");
        test.close();

        startFor(Permissions.none().subscribe("server_logs"));
        assertThat(connect().send(subscribe("server_logs")).frames()).isNotEmpty();
    }

    @Test
    void whoMayNotPublishOnATopicIsNotToldItsType() throws Exception {
        startGuarded(settings ->
                settings.anonymousAccess(Permissions.none()).topic(Topic.state("battery", "float", Double.class)));
        ContractClient client = connect();

        assertError(
                client.ask(json("{'action':'publish','topic':'battery','data':{'name':'b','type':'x','data':1}}")),
                "'request':'publish','topic':'battery',",
                "forbidden",
                403);
        assertForbidden(client, "publish", "battery");
    }

    @Test
    void theRightsAreThoseOfTheToken() throws Exception {
        byte[] secret = "thirty-two bytes of a test's key".getBytes(StandardCharsets.UTF_8);
        startGuarded(settings -> settings.tokenVerifier(JwtTokenVerifier.hmac(secret)
                .clock(Clock.fixed(ManualClock.BEGIN, ZoneOffset.UTC))
                .build()));
        String token = TokenForge.with(secret, "HmacSHA256")
                .token(json("{'exp':" + (ManualClock.BEGIN.getEpochSecond() + 60)
                        + ",'topics':{'subscribe':['pose'],'publish':['cmd_vel']}}"));
        ContractClient client = test.connect("token=" + token);

        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
        assertThat(client.ask(with("'id':1", message("cmd_vel", "1")))).contains("\"ack\"");
        assertForbidden(client, "subscribe", "cmd_vel");
        assertForbidden(client, "subscribe", "server_logs");
        assertForbidden(client, "publish", "pose");
    }
}
