package io.github.robotstream.protocol;

import static io.github.robotstream.testing.ClientFrames.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of Foxglove's subprotocol may do, and what becomes of those that do too much, too fast, or do not read. */
class FoxgloveRightsTest extends ProtocolContract {
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);

    record Twist(double linear, double angular) {}

    private FoxgloveClient viewer() throws Exception {
        FoxgloveClient viewer = FoxgloveClient.connect(test);
        viewer.told();
        return viewer;
    }

    private List<Message> heardOn(String filter) {
        List<Message> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(TopicFilter.of(filter), heard::add);
        return heard;
    }

    private void assertHeard(List<Message> heard, String type, String json) {
        test.awaitThat(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).payload().type()).isEqualTo(type);
        assertThat(heard.get(0).payload().json()).isEqualTo(json(json));
    }

    @Test
    void whoMayPublishReachesRobotCode() throws Exception {
        start(settings -> settings.topic(Topic.command("cmd_vel", "Twist", Twist.class)));
        List<Message> heard = heardOn("cmd_vel");

        assertThat(viewer().advertise(1, "cmd_vel", "geometry_msgs/Twist")
                        .publish(1, "{'linear':0.5,'angular':0} ")
                        .statuses())
                .isEmpty();

        assertHeard(heard, "Twist", "{'linear':0.5,'angular':0}");
        assertThat(heard.get(0).publisher()).isEqualTo("anonymous");
    }

    @Test
    void aValueThatIsNoObjectIsPublishedInTheFormInWhichItIsShown() throws Exception {
        start(settings -> settings.topic(Topic.state("speed", "float", Double.class)));
        List<Message> heard = heardOn("speed");

        viewer().advertise(1, "speed", "float").publish(1, "{'value':1.5}");

        assertHeard(heard, "float", "1.5");
    }

    @Test
    void aTopicThatNobodyDeclaredHasTheTypeThatTheClientNames() throws Exception {
        start();
        List<Message> heard = heardOn("note");

        viewer().advertise(1, "note", "Note").publish(1, "{'value':1}");

        assertHeard(heard, "Note", "{'value':1}");
    }

    @Test
    void whatIsNotAllowedIsToldAndNotDone() throws Exception {
        startGuarded(settings ->
                settings.anonymousAccess(Permissions.none().subscribe("pose").publish("go")));
        test.broker().publish("secret", Payload.of("secret", "t", "1"));
        test.broker().publish("pose", Payload.of("pose", "t", "1"));
        List<Message> heard = heardOn("#");
        FoxgloveClient viewer = viewer();

        viewer.advertise(1, "pose", "t").publish(1, "1");
        assertThat(viewer.statuses()).containsExactly("forbidden: the token does not allow to publish on pose");
        viewer.advertise(2, "server_logs", "t").publish(2, "1");
        assertThat(viewer.statuses()).singleElement().asString().startsWith("forbidden: server_logs belongs");
        assertThat(heard).extracting(Message::publisher).doesNotContain("anonymous");
    }

    @Test
    void whoGuessesChannelsOfTopicsThatItMayNotReadIsToldThatThereAreNone() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.none().subscribe("pose")));
        test.broker().publish("secret", Payload.of("secret", "t", "2"));
        test.broker().publish("pose", Payload.of("pose", "t", "1"));
        FoxgloveClient viewer = viewer();

        for (int channel = 0; channel < 8; channel++) {
            viewer.subscribe(channel, channel);
        }
        assertThat(viewer.data())
                .as("of channels guessed")
                .allSatisfy(data -> assertThat(data.json()).isEqualTo("{\"value\":1}"));
        assertThat(viewer.statuses())
                .hasSize(7)
                .allSatisfy(status -> assertThat(status).matches("bad_request: there is no channel \\d now"));
        assertThat(test.broker().sessions().get(0).subscriptions()).containsExactly("pose");
    }

    @Test
    void whatAViewerAnnouncesByItselfMakesNoTopicAndIsNoError() throws Exception {
        startGuarded(settings ->
                settings.anonymousAccess(Permissions.none().subscribe("#").publish("go")));
        FoxgloveClient viewer = viewer().advertise(1, "/move_base_simple/goal", "geometry_msgs/PoseStamped")
                .advertise(2, "/clicked_point", "geometry_msgs/PointStamped")
                .advertise(3, "/initialpose", "geometry_msgs/PoseWithCovarianceStamped")
                .send("{'op':'unadvertise','channelIds':[1,2,9]}");
        test.advance(Duration.ofSeconds(1));

        assertThat(viewer.statuses()).isEmpty();
        assertThat(viewer.topics()).isEmpty();
        assertThat(test.broker().stats().topics()).isEqualTo(3); // server_logs, $clients, $stats
    }

    @Test
    void aValueThatDoesNotFitIsToldAndNotPublished() throws Exception {
        start(settings -> settings.topic(Topic.command("cmd_vel", "Twist", Twist.class))
                .topic(Topic.binary("camera", "image/jpeg")));
        List<Message> heard = heardOn("#");
        FoxgloveClient viewer = viewer().advertise(1, "cmd_vel", "Twist").advertise(2, "camera", "image/jpeg");

        assertThat(viewer.publish(1, "{'linear':'fast','angular':0}").statuses())
                .singleElement()
                .asString()
                .startsWith("type_mismatch: ");
        assertThat(viewer.publish(1, "{'linear':").statuses())
                .singleElement()
                .asString()
                .startsWith("bad_json: on cmd_vel: ");
        assertThat(viewer.publish(2, "{}").statuses())
                .singleElement()
                .asString()
                .startsWith("type_mismatch: camera");
        assertThat(viewer.publish(3, "{}").statuses())
                .containsExactly("bad_request: there is no client channel 3: advertise it first");
        assertThat(heard).isEmpty();
    }

    @Test
    void whatIsForRobotCodeAloneIsRefused() throws Exception {
        start(settings -> settings.topic(SPEED, TopicSettings::robotOnly));
        List<Message> heard = heardOn("speed");

        assertThat(viewer().advertise(1, "speed", "float")
                        .publish(1, "{'value':1}")
                        .statuses())
                .singleElement()
                .asString()
                .startsWith("forbidden: speed");
        assertThat(heard).isEmpty();
    }

    /** Its protocol has no place for a time. */
    @Test
    void aCommandIsTakenWhereItsAgeIsBoundedAndRefusedWhereItsTimeIsRequired() throws Exception {
        Topic<Double> strict = Topic.command("strict", "float", Double.class);
        start(settings -> settings.topic(SPEED, topic -> topic.maxCommandAge(Duration.ofMillis(200)))
                .topic(strict, topic -> topic.requireCommandTime(Duration.ofMillis(200))));
        List<Message> heard = heardOn("#");
        FoxgloveClient viewer = viewer().advertise(1, "strict", "float").advertise(2, "speed", "float");

        assertThat(viewer.publish(1, "{'value':1}").statuses())
                .singleElement()
                .asString()
                .startsWith("bad_request: ");
        assertThat(viewer.publish(2, "{'value':2}").statuses()).isEmpty();
        assertHeard(heard, "float", "2");
    }

    @Test
    void whileAnotherClientHoldsTheLeaseItsCommandsAreRefused() throws Exception {
        start(settings -> settings.topic(SPEED, TopicSettings::leased));
        List<Message> heard = heardOn("speed");
        FoxgloveClient viewer = viewer().advertise(1, "speed", "float");
        ContractClient holder = connect();
        holder.ask(json("{'action':'acquire','topic':'speed','id':1}"));

        assertThat(viewer.publish(1, "{'value':1}").statuses())
                .singleElement()
                .asString()
                .startsWith("lease_held: ");
        assertThat(heard).isEmpty();
        holder.ask(json("{'action':'release','topic':'speed','id':2}"));
        assertThat(viewer.publish(1, "{'value':2}").statuses()).isEmpty();
        assertHeard(heard, "float", "2");
    }

    @Test
    void whereARobotWantsAHolderItIsNeverOneAndSeesWhoIs() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.all().subscribe("$leases"))
                .topic(SPEED, TopicSettings::requireLease));
        FoxgloveClient viewer = viewer().advertise(1, "speed", "float");

        assertThat(viewer.publish(1, "{'value':1}").statuses())
                .singleElement()
                .asString()
                .startsWith("lease_required: ");
        connect().ask(json("{'action':'acquire','topic':'speed','id':1}"));
        assertThat(viewer.subscribe(1, "$leases").values())
                .singleElement()
                .asString()
                .contains("\"topic\":\"speed\"");
    }

    @Test
    void whenItsCommandsStayAwayOrItLeavesTheTopicHasItsSafeValue() throws Exception {
        start(settings -> settings.topic(SPEED, topic -> topic.watchdog(Duration.ofMillis(500), 0.0)));
        List<Message> heard = heardOn("speed");
        FoxgloveClient viewer = viewer().advertise(1, "speed", "float").publish(1, "{'value':1}");
        test.awaitThat(() -> assertThat(values(heard)).containsExactly("1"));
        test.advance(Duration.ofMillis(500));
        test.awaitThat(() -> assertThat(values(heard)).containsExactly("1", "0.0"));

        viewer.publish(1, "{'value':2}");
        test.awaitThat(() -> assertThat(values(heard)).hasSize(3));
        viewer.raw.leave(1000, "bye");
        test.awaitThat(() -> assertThat(values(heard)).containsExactly("1", "0.0", "2", "0.0"));
    }

    @Test
    void whenItUnadvertisesItsChannelTheTopicHasItsSafeValueAtOnce() throws Exception {
        start(settings -> settings.topic(SPEED, topic -> topic.watchdog(Duration.ofMillis(500), 0.0)));
        List<Message> heard = heardOn("speed");
        FoxgloveClient viewer = viewer().advertise(1, "speed", "float").publish(1, "{'value':1}");
        test.awaitThat(() -> assertThat(values(heard)).containsExactly("1"));

        viewer.raw.send(json("{'op':'unadvertise','channelIds':[1]}"));

        test.awaitThat(() -> assertThat(values(heard)).containsExactly("1", "0.0"));
    }

    private static List<String> values(List<Message> heard) {
        return heard.stream().map(message -> message.payload().json()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{}",
                "{'op':1}",
                "{'op':'getParameters','parameterNames':[]}",
                "{'op':'subscribe'}",
                "{'op':'subscribe','subscriptions':{}}",
                "{'op':'subscribe','subscriptions':[1]}",
                "{'op':'subscribe','subscriptions':[{'id':1}]}",
                "{'op':'subscribe','subscriptions':[{'id':-1,'channelId':1}]}",
                "{'op':'subscribe','subscriptions':[{'id':4294967296,'channelId':1}]}",
                "{'op':'subscribe','subscriptions':[{'id':1.5,'channelId':1}]}",
                "{'op':'subscribe','subscriptions':[{'id':1,'channelId':77}]}",
                "{'op':'unsubscribe','subscriptionIds':['a']}",
                "{'op':'advertise','channels':[{'id':1,'topic':'a','schemaName':'b'}]}",
                "{'op':'advertise','channels':[{'id':1,'topic':'a','schemaName':'b','encoding':'ros1'}]}",
                "{'op':'advertise','channels':[{'id':1,'topic':'a/#','schemaName':'b','encoding':'json'}]}",
                "{'op':'advertise','channels':[{'id':1,'topic':5,'schemaName':'b','encoding':'json'}]}"
            })
    void whatCannotBeUnderstoodIsToldAndClosesNothing(String message) throws Exception {
        start();
        FoxgloveClient viewer = viewer().send(message);

        assertThat(viewer.statuses())
                .singleElement()
                .asString()
                .matches("bad_(json|request|topic): .+|unknown_action: .+");
        viewer.raw.hearsNothing();
    }

    @Test
    void aBinaryMessageThatIsNoneIsToldAndClosesNothing() throws Exception {
        start();
        FoxgloveClient viewer = viewer();

        for (byte[] message : new byte[][] {{}, {1}, {1, 0, 0, 0}, {2, 0, 0, 0, 0, 0}, bytes(9, 1, 2, 3, 4, 5, 6)}) {
            viewer.raw.sendBinary(message);
            assertThat(viewer.statuses()).singleElement().asString().startsWith("bad_request: a binary message");
        }
    }

    @Test
    void aHundredErrorsInTenSecondsEndTheSession() throws Exception {
        start();
        FoxgloveClient viewer = viewer();
        IntStream.range(0, 100).forEach(i -> viewer.send("nonsense"));

        assertThat(viewer.raw.closeCode()).isEqualTo(1008);
    }

    @Test
    void whoSubscribesToMoreThanItMayIsToldOnceAndServedOn() throws Exception {
        start(settings -> settings.limits(limits -> limits.subscriptionsPerSession(10)));
        IntStream.range(0, 300).forEach(i -> test.broker().publish("t/" + i, Payload.of("t", "t", "" + i)));
        FoxgloveClient viewer = viewer();
        int number = 0;
        for (String topic : List.copyOf(viewer.topics())) {
            viewer.subscribe(number++, topic);
        }

        assertThat(viewer.statuses())
                .containsExactly(
                        "too_many_subscriptions: a session may hold 10 subscriptions: this one and further ones"
                                + " were not made");
        assertThat(test.broker().sessions().get(0).subscriptions()).hasSize(10);
        viewer.unsubscribe(0).subscribe(999, "t/299");
        assertThat(viewer.data())
                .anySatisfy(data -> assertThat(data.subscription()).isEqualTo(999));
        assertThat(viewer.statuses()).isEmpty();
    }

    @Test
    void theRateOfRequestsCountsPublishesToo() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.all())
                .limits(limits -> limits.requestRate(RequestRate.perSecond(10).burst(20))));
        List<Message> heard = heardOn("note");
        FoxgloveClient viewer = viewer().advertise(1, "note", "t");
        IntStream.range(0, 25).forEach(i -> viewer.publish(1, "" + i));

        assertThat(viewer.statuses())
                .isNotEmpty()
                .allSatisfy(status -> assertThat(status).startsWith("rate_limited: 10 requests a second"));
        test.awaitThat(() -> assertThat(heard).hasSize(20));
    }

    @Test
    void aClientThatDoesNotReadLosesAndIsToldSoAndOthersLoseNothing() throws Exception {
        Topic<ByteBuffer> camera = Topic.binary("camera", "image/png");
        start(settings -> settings.topic(camera));
        FoxgloveClient slow = viewer().subscribe(1, "camera");
        FoxgloveClient quick = viewer().subscribe(1, "camera");
        slow.statuses();
        slow.raw.stopReading();
        int sent = 0;
        while (test.broker().stats().dropped() == 0) {
            test.broker().publish(camera, ByteBuffer.wrap(new byte[50_000]));
            test.advance(Duration.ofMillis(20));
            sent++;
        }

        assertThat(quick.data()).hasSize(sent);
        slow.raw.resumeReading();
        test.advance(Duration.ofSeconds(1));
        test.advance(Duration.ofSeconds(1));
        List<String> statuses = slow.statuses();
        assertThat(statuses).hasSize(2).startsWith("Send buffer limit reached");
        assertThat(statuses.get(1)).isEqualTo("1 messages were lost up to now");
        assertThat(slow.data()).isNotEmpty();
    }

    @Test
    void theEndOfAViewerLeavesNothingBehind() throws Exception {
        start();
        FoxgloveClient viewer = viewer().subscribe(1, "server_logs");
        viewer.data();
        viewer.raw.leave(1000, "bye");

        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
        assertThat(test.broker().stats().queued()).isZero();
    }
}
