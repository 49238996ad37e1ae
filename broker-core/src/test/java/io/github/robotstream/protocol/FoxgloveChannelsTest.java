package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of Foxglove's subprotocol is greeted with, and which channels it is told of as topics come and go. */
class FoxgloveChannelsTest extends ProtocolContract {
    private static final Duration A_LOOK = Duration.ofMillis(250);

    record Drive(double speed, Optional<String> label, List<Double> currents, int[][] grid) {}

    private FoxgloveClient viewer() throws Exception {
        return FoxgloveClient.connect(test);
    }

    private void startFor(Permissions permissions) throws Exception {
        startGuarded(settings -> settings.anonymousAccess(permissions));
    }

    private void publish(String topic) {
        test.broker().publish(topic, Payload.of(topic, "float", "1"));
        test.settle();
    }

    private static String schema(JsonObject channel) {
        assertThat(channel.get("schemaEncoding").getAsString()).isEqualTo("jsonschema");
        return channel.get("schema").getAsString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"foxglove.websocket.v1", "foxglove.sdk.v1", "chat, Foxglove.SDK.v1"})
    void whoOffersTheSubprotocolIsGreetedInIt(String offered) throws Exception {
        start(settings -> settings.name("arm-7"));

        List<JsonObject> told = FoxgloveClient.connect(test, "", offered).told();

        JsonObject greeting = told.get(0);
        assertThat(greeting.remove("sessionId").getAsString()).isNotEmpty();
        assertThat(greeting)
                .isEqualTo(
                        JsonParser.parseString(
                                "{\"op\":\"serverInfo\",\"name\":\"arm-7\","
                                        + "\"capabilities\":[\"time\",\"clientPublish\",\"services\"],\"supportedEncodings\":[\"json\"],\"metadata\":{}}"));
        assertThat(told).hasSize(1);
    }

    @Test
    void whoOffersTheOwnProtocolTooSpeaksThat() throws Exception {
        start();

        ContractClient client = FoxgloveClient.connect(test, "", "foxglove.websocket.v1, robotstream.v1").raw;

        client.hearsNothing();
        assertThat(client.ask(json("{'action':'ping','id':1}"))).contains("pong");
    }

    @Test
    void allViewersOfOneRunAreToldTheSameSession() throws Exception {
        start();

        assertThat(viewer().told().get(0).get("sessionId"))
                .isEqualTo(viewer().told().get(0).get("sessionId"));
    }

    @Test
    void publishingIsOfferedToThoseWhoMayPublishSomething() throws Exception {
        startFor(Permissions.none().subscribe("#"));

        assertThat(viewer().told().get(0).getAsJsonArray("capabilities")).hasToString("[\"time\"]");
    }

    @Test
    void theTimeComesAfterTheGreetingAndGoesOnWhereNothingElseDoes() throws Exception {
        start();
        FoxgloveClient viewer = viewer();
        long now = test.clock.now().toEpochMilli() * 1_000_000;

        assertThat(viewer.times()).containsExactly(now);
        test.advance(Duration.ofSeconds(1));
        test.advance(Duration.ofSeconds(1));
        assertThat(viewer.times()).containsExactly(now + 1_000_000_000L, now + 2_000_000_000L);
    }

    @Test
    void whatTheTokenMayReadIsAdvertisedAndNothingElse() throws Exception {
        startFor(Permissions.none()
                .subscribe("joints/#", "server_logs", "$stats")
                .publish("#"));
        publish("joints/1");
        publish("secret");

        assertThat(viewer().topics()).containsExactlyInAnyOrder("joints/1", "server_logs", "$stats");
    }

    @Test
    void topicsThatComeLaterAreAdvertisedOnceTheyHaveAValue() throws Exception {
        start();
        FoxgloveClient viewer = viewer();
        assertThat(viewer.topics()).containsExactly("server_logs");

        publish("pose");
        test.broker().subscribe(Topic.command("go", "Twist", Drive.class), drive -> {});
        test.advance(A_LOOK);

        assertThat(viewer.topics()).containsExactlyInAnyOrder("server_logs", "pose", "go");
    }

    @Test
    void aStopTopicSaysInItsSchemaWhatStopsTheRobot() throws Exception {
        start(settings -> settings.topic(Topic.command("stop", Boolean.class), topic -> topic.stop(true)));

        assertThat(schema(viewer().channel("stop")))
                .isEqualTo("{\"description\":\"stop topic: publish {\\\"value\\\":true} to stop the robot\","
                        + "\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"boolean\"}}}");
    }

    @Test
    void topicsThatExpireAreUnadvertisedAndComeBackByAnotherNumber() throws Exception {
        start(settings -> settings.limits(limits -> limits.topicIdle(Duration.ofMinutes(1))));
        publish("pose");
        FoxgloveClient viewer = viewer();
        int former = viewer.channel("pose").get("id").getAsInt();

        test.advance(Duration.ofMinutes(3));
        test.advance(Duration.ofMinutes(3));
        test.advance(A_LOOK);
        assertThat(viewer.topics()).containsExactly("server_logs");

        publish("pose");
        test.advance(A_LOOK);
        assertThat(viewer.channel("pose").get("id").getAsInt()).isGreaterThan(former);
    }

    @Test
    void aTopicKeepsItsNumberForAllViewersAndWhileNobodyLooks() throws Exception {
        start();
        publish("pose");
        FoxgloveClient first = viewer();
        JsonObject channel = first.channel("pose");
        first.raw.leave(1000, "bye");
        test.advance(Duration.ofSeconds(5));

        assertThat(viewer().channel("pose")).isEqualTo(channel);
    }

    @Test
    void aTopicThatRobotCodeDeclaresMeanwhileIsAnotherChannel() throws Exception {
        start();
        publish("speed");
        FoxgloveClient viewer = viewer();
        JsonObject former = viewer.channel("speed");
        assertThat(schema(former)).isEqualTo("{\"type\":\"object\"}");

        test.broker().publish(Topic.state("speed", "float", Double.class), 2.0);
        test.advance(A_LOOK);

        JsonObject channel = viewer.channel("speed");
        assertThat(channel.get("id")).isNotEqualTo(former.get("id"));
        assertThat(channel.get("schemaName").getAsString()).isEqualTo("float");
        assertThat(schema(channel)).isEqualTo(json("{'type':'object','properties':{'value':{'type':'number'}}}"));
    }

    @Test
    void aTopicThatTakesUpPicturesIsAnotherChannelAndStaysThat() throws Exception {
        start();
        publish("camera");
        FoxgloveClient viewer = viewer();
        assertThat(viewer.channel("camera").get("encoding").getAsString()).isEqualTo("json");

        test.broker().publish("camera", Payload.ofBytes("camera", "image/png", ByteBuffer.allocate(3)));
        test.advance(A_LOOK);

        JsonObject pictures = viewer.channel("camera");
        assertThat(pictures.get("encoding").getAsString()).isEqualTo("protobuf");

        publish("camera");
        test.advance(A_LOOK);

        assertThat(viewer.channel("camera")).isEqualTo(pictures);
    }

    @Test
    void aRecordsSchemaIsReducedToWhatViewersRead() throws Exception {
        start(settings -> settings.topic(Topic.state("drive", "Drive", Drive.class)));
        JsonObject channel = viewer().channel("drive");

        assertThat(channel.get("encoding").getAsString()).isEqualTo("json");
        assertThat(channel.get("schemaName").getAsString()).isEqualTo("Drive");
        assertThat(schema(channel))
                .isEqualTo(json("{'type':'object','properties':{'speed':{'type':'number'},'label':{'type':'string'},"
                        + "'currents':{'type':'array','items':{'type':'number'}}}}"));
    }

    @Test
    void bytesThatAreNoPictureAreTextInBase64() throws Exception {
        start(settings -> settings.topic(Topic.binary("scan", "application/octet-stream")));
        JsonObject channel = viewer().channel("scan");

        assertThat(channel.get("encoding").getAsString()).isEqualTo("json");
        assertThat(schema(channel)).contains("\"contentEncoding\":\"base64\"");
    }

    @Test
    void manyTopicsAreAdvertisedEachOnceThoughTheyComeInSeveralMessages() throws Exception {
        start();
        FoxgloveClient early = viewer();
        IntStream.range(0, 2_000).forEach(i -> test.broker().publish("many/" + i, Payload.of("n", "t", "1")));
        test.advance(A_LOOK);

        assertThat(early.topics()).hasSize(2_001);
        assertThat(viewer().topics()).hasSize(2_001);
    }

    @Test
    void aTokenAboutToEndIsTold() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(request -> ClientPrincipal.of("viewer", Permissions.all())
                .expiringAt(
                        test == null ? java.time.Instant.MAX : test.clock.now().plusSeconds(90))));
        FoxgloveClient viewer = FoxgloveClient.connect(test, "token=t", FoxgloveClient.SUBPROTOCOL);
        viewer.told();

        test.advance(Duration.ofSeconds(31));
        assertThat(viewer.statuses()).containsExactly("the connection ends with its token in 58 s");
        test.advance(Duration.ofSeconds(60));
        assertThat(viewer.raw.closeCode()).isEqualTo(4401);
    }
}
