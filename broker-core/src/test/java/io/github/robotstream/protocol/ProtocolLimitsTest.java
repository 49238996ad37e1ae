package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much a session, and all together, may take. */
class ProtocolLimitsTest extends ProtocolContract {

    @Test
    void aSessionHoldsSoManySubscriptionsAndNoMore() throws Exception {
        start(settings -> settings.limits(limits -> limits.subscriptionsPerSession(2)));
        ContractClient client = subscriber("a");
        client.send(subscribe("b/#")).hearsNothing();

        assertError(
                client.ask(with("'id':1", subscribe("c"))),
                "'id':1,'request':'subscribe','topic':'c',",
                "too_many_subscriptions",
                429);
        client.send(subscribe("a")).hearsNothing();
        client.send(unsubscribe("a")).send(subscribe("c")).hearsNothing();
        robotPublishes("c", "1");
        assertThat(client.frame()).isEqualTo(message("c", "1"));
        subscriber("a").hearsNothing();
    }

    @Test
    void aSessionBringsSoManyTopicsIntoBeingAndNoMore() throws Exception {
        start(settings -> settings.limits(limits -> limits.newTopicsPerSession(2)));
        robotPublishes("known", "1");
        ContractClient client = connect();
        client.send(message("a", "1")).send(message("b", "1")).send(message("known", "2"));
        client.hearsNothing();

        assertError(
                client.ask(with("'id':1", message("c", "1"))),
                "'id':1,'request':'publish','topic':'c',",
                "too_many_topics",
                429,
                true);
        client.send(message("a", "2")).send(subscribe("c")).hearsNothing();
        connect().send(message("c", "1"));
        assertThat(client.frame()).isEqualTo(message("c", "1"));
    }

    @Test
    void theBrokerKeepsSoManyTopicsAndThoseOfRobotCodeAlwaysHaveRoom() throws Exception {
        start(settings -> settings.limits(limits -> limits.topics(2)));
        ContractClient client = connect();
        client.send(message("a", "1")).send(message("b", "1")).hearsNothing();

        assertError(client.ask(message("c", "1")), "'request':'publish','topic':'c',", "too_many_topics", 429, true);
        Topic<Double> battery = Topic.state("battery", "float", Double.class);
        assertThat(test.broker().publish(battery, 25.1)).isTrue();
        assertThat(client.ask(subscribe("battery"))).isEqualTo(message("battery", "25.1"));
    }

    @Test
    void theClientsOfOneSubjectHaveAShareOfTheTopicsHoweverManySessionsTheyOpen() throws Exception {
        startGuarded(settings -> settings.limits(limits -> limits.topics(1_100))
                .tokenVerifier(request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all())));
        for (int session = 0; session < 2; session++) {
            ContractClient client = test.connect("token=greedy");
            for (int i = 0; i < 55; i++) {
                client.send(message("greedy/" + session + "/" + i, "1"));
            }
            client.hearsNothing();
        }

        String error = test.connect("token=greedy").ask(with("'id':1", message("one/more", "1")));
        assertThat(error).contains("too_many_topics").contains("110");
        test.connect("token=modest").send(message("one/more", "1")).hearsNothing();
    }

    @Test
    void topicsOfClientsLeaveRobotCodeItsOwn() throws Exception {
        start(settings -> settings.limits(limits -> limits.topics(2)));
        ContractClient client = connect();
        client.send(message("a", "1")).send(message("b", "1")).hearsNothing();

        assertThat(test.broker().publish("c", Payload.of("c", "float", "1"))).isTrue();
        assertThat(client.ask(subscribe("c"))).isEqualTo(message("c", "1"));
    }

    @Test
    void subscriptionsOfAllClientsTakeSoMuchMemoryAndAFewOfEachAreFree() throws Exception {
        start(settings -> settings.limits(limits -> limits.subscriptionBytes(1)));
        ContractClient client = connect();
        String filter = "a/".repeat(30) + "y".repeat(138);
        for (int i = 0; i < 4; i++) {
            client.send(subscribe(filter + i)).hearsNothing();
        }

        String error = client.ask(with("'id':1", subscribe(filter + "n")));
        assertError(error, "'id':1,'request':'subscribe','topic':'" + filter + "n',", "too_many_subscriptions", 429);
        assertThat(error).contains("memory");
        client.send(unsubscribe(filter + "0")).hearsNothing();
        assertThat(client.ask(with("'id':2", subscribe(filter + "n")))).contains("\"ack\"");
        assertThat(connect().ask(with("'id':3", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void aTopicThatNobodyUsesMakesRoomAfterAWhile() throws Exception {
        start(settings -> settings.limits(limits -> limits.topics(2).topicIdle(Duration.ofMinutes(10))));
        ContractClient client = subscriber("used");
        client.send(message("used", "1")).send(message("left", "1"));
        assertThat(client.frame()).isEqualTo(message("used", "1"));

        test.advance(Duration.ofMinutes(10));
        assertThat(client.ask(message("c", "1"))).contains("too_many_topics");
        test.advance(Duration.ofSeconds(11));
        client.send(message("c", "1")).hearsNothing();

        assertThat(connect().send(subscribe("#")).frames())
                .containsExactlyInAnyOrder(message("used", "1"), message("c", "1"));
    }

    @Test
    void aQueueIsBoundedInBytesToo() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedBytesPerSession(2_000)));
        ContractClient client = subscriber("pose");

        test.broker().publish("pose", Payload.of("pose", "float", "\"" + "x".repeat(2_000) + "\""));
        robotPublishes("pose", "1");

        assertThat(client.frame()).isEqualTo(message("pose", "1"));
        assertThat(test.broker().stats().droppedByCause()).containsEntry("too_large", 1L);
    }

    @Test
    void messagesThatComeTogetherAreNoLargerThanTheClientTakes() throws Exception {
        start();
        ContractClient client = connect();
        client.ask(json("{'action':'hello','id':1,'max_frame_bytes':1024}"));
        client.send(subscribe("pose"));
        test.settle();

        String large = "\"" + "x".repeat(2_000) + "\"";
        test.broker().publish("pose", Payload.of("pose", "float", large));
        test.broker().publish("pose", Payload.of("pose", "float", large));
        robotPublishes("pose", "1");

        assertThat(client.frame()).isEqualTo(message("pose", "1"));
        assertThat(test.broker().stats().droppedByCause()).containsEntry("too_large", 2L);
    }
}
