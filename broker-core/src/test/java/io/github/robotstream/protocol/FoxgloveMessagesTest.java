package io.github.robotstream.protocol;

import static io.github.robotstream.testing.ClientFrames.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.Payload;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client of Foxglove's subprotocol is sent of the topics that it is subscribed to. */
class FoxgloveMessagesTest extends ProtocolContract {
    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");
    private static final byte[] PIXELS = bytes(0xff, 0xd8, 0, 1, 2, 0x80, 0xc0);

    /** A viewer that is subscribed to a topic, by the number 7. */
    private FoxgloveClient viewerOf(String topic) throws Exception {
        FoxgloveClient viewer = FoxgloveClient.connect(test).subscribe(7, topic);
        viewer.told();
        viewer.times();
        return viewer;
    }

    private void publish(String topic, String json) {
        test.settle();
        test.broker().publish(topic, Payload.of(topic, "any", json));
        test.settle();
    }

    private long nowNanos() {
        return test.clock.now().toEpochMilli() * 1_000_000;
    }

    @Test
    void anObjectComesAsItIsAndAnythingElseAsTheMemberValue() throws Exception {
        start();
        publish("pose", "{\"x\":1.50}");
        FoxgloveClient viewer = viewerOf("pose");
        for (String value : new String[] {"2.0", "[1,2]", "\"text\"", "null", " {\"x\": 2 }"}) {
            test.advance(Duration.ofMillis(20));
            publish("pose", value);
        }

        assertThat(viewer.values())
                .containsExactly(
                        "{\"x\":1.50}",
                        "{\"value\":2.0}",
                        "{\"value\":[1,2]}",
                        "{\"value\":\"text\"}",
                        "{\"value\":null}",
                        " {\"x\": 2 }");
    }

    @Test
    void headsAreOfEachSubscription() throws Exception {
        start();
        publish("pose", "1");
        long published = nowNanos();
        test.advance(Duration.ofSeconds(5));
        FoxgloveClient one = viewerOf("pose").subscribe(0, "pose");
        FoxgloveClient other = FoxgloveClient.connect(test)
                .send("{'op':'subscribe','subscriptions':[{'id':4294967295,'channelId':"
                        + one.channel("pose").get("id") + "}]}");

        List<FoxgloveClient.Data> first = one.data();
        assertThat(first).extracting(FoxgloveClient.Data::subscription).containsExactly(7, 0);
        assertThat(first).extracting(FoxgloveClient.Data::nanos).containsOnly(published);
        assertThat(other.data()).extracting(FoxgloveClient.Data::subscription).containsExactly(-1);
    }

    @Test
    void theTimeIsToldBeforeMessagesAndNotMoreOftenThanAHundredTimesASecond() throws Exception {
        start();
        publish("pose", "1");
        FoxgloveClient viewer = viewerOf("pose");
        test.advance(Duration.ofMillis(100));
        publish("pose", "2");
        long first = nowNanos();
        test.advance(Duration.ofMillis(5));
        publish("pose", "3");
        test.advance(Duration.ofMillis(20));

        assertThat(viewer.times()).startsWith(first).isSorted().hasSize(2);
    }

    @Test
    void noMoreThanSixtyMessagesASecondOfATopicAreSentAndTheNewestIsAmongThem() throws Exception {
        start();
        publish("pose", "0");
        FoxgloveClient viewer = viewerOf("pose");
        viewer.data();
        for (int i = 1; i <= 1_000; i++) {
            test.broker().publish("pose", Payload.of("pose", "any", "" + i));
            test.step();
            test.clock.advance(Duration.ofMillis(1));
        }
        test.advance(Duration.ofMillis(50));

        List<String> values = viewer.values();
        assertThat(values).hasSizeBetween(50, 62).endsWith("{\"value\":1000}");
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void aValueIsNotTooLargeForAClientThatCannotSayHowMuchItTakes() throws Exception {
        start(settings -> settings.limits(limits -> limits.messageBytes(4 << 20)));
        publish("map", "0");
        FoxgloveClient viewer = viewerOf("map");
        viewer.data();
        String large = "[" + "1,".repeat(700_000) + "1]";
        test.advance(Duration.ofMillis(20));
        publish("map", large);

        assertThat(viewer.values())
                .singleElement()
                .satisfies(value ->
                        assertThat(value.equals("{\"value\":" + large + "}")).isTrue());
    }

    @Test
    void aPictureIsACompressedImageInProtocolBuffers() throws Exception {
        start(settings -> settings.topic(CAMERA));
        FoxgloveClient viewer = viewerOf("camera");
        JsonObject channel = viewer.channel("camera");
        test.broker().publish(CAMERA, ByteBuffer.wrap(PIXELS));

        assertThat(channel.get("encoding").getAsString()).isEqualTo("protobuf");
        assertThat(channel.get("schemaEncoding").getAsString()).isEqualTo("protobuf");
        assertThat(channel.get("schemaName").getAsString()).isEqualTo("foxglove.CompressedImage");
        byte[] image = viewer.data().get(0).payload();
        String text = new String(image, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("\u001a\u0004jpeg\u0012\u0007");
        assertThat(Arrays.copyOfRange(image, image.length - PIXELS.length, image.length))
                .isEqualTo(PIXELS);
    }

    @Test
    void bytesThatAreNoPictureComeInBase64() throws Exception {
        Topic<ByteBuffer> scan = Topic.binary("scan", "application/octet-stream");
        start(settings -> settings.topic(scan));
        FoxgloveClient viewer = viewerOf("scan");
        test.broker().publish(scan, ByteBuffer.wrap(PIXELS));

        assertThat(viewer.values()).containsExactly("{\"value\":\"/9gAAQKAwA==\"}");
    }

    @Test
    void theLogComesAsFoxglovesAndWhole() throws Exception {
        start();
        FoxgloveClient viewer = FoxgloveClient.connect(test).subscribe(3, "server_logs");
        viewer.data();
        for (int i = 0; i < 20; i++) {
            test.broker()
                    .log(LogEntry.of(Level.WARN, "battery_low", "at " + i + " %")
                            .topic("battery/" + i)
                            .attribute("left", i));
        }

        List<JsonObject> entries = viewer.values().stream()
                .map(json -> JsonParser.parseString(json).getAsJsonObject())
                .filter(entry -> entry.get("name").getAsString().equals("battery_low"))
                .toList();
        assertThat(entries).hasSize(20);
        assertThat(entries.get(4))
                .isEqualTo(JsonParser.parseString("{\"timestamp\":{\"sec\":" + nowNanos() / 1_000_000_000
                        + ",\"nsec\":" + nowNanos() % 1_000_000_000 + "},\"level\":3,"
                        + "\"message\":\"at 4 % topic=\\\"battery/4\\\" attrs={\\\"left\\\":4}\","
                        + "\"name\":\"battery_low\",\"file\":\"\",\"line\":0}"));
        assertThat(viewer.channel("server_logs").get("schemaName").getAsString())
                .isEqualTo("foxglove.Log");
    }

    @Test
    void lateSubscribersGetTheLastEntriesOfTheLog() throws Exception {
        start();
        for (int i = 0; i < 20; i++) {
            test.broker().log(LogEntry.of(Level.INFO, "step_" + i, "done"));
        }
        test.settle();

        FoxgloveClient viewer = FoxgloveClient.connect(test).subscribe(3, "server_logs");

        assertThat(viewer.values().stream().filter(entry -> entry.contains("step_")))
                .hasSize(20);
    }

    @Test
    void afterUnsubscribingNothingComes() throws Exception {
        start();
        publish("pose", "1");
        FoxgloveClient viewer = viewerOf("pose");
        viewer.data();

        viewer.unsubscribe(7);
        publish("pose", "2");

        assertThat(viewer.data()).isEmpty();
        assertThat(viewer.unsubscribe(7).subscribe(7, "pose").values()).containsExactly("{\"value\":2}");
    }

    @Test
    void clientsOfTheOwnProtocolAreSentTheSameValues() throws Exception {
        start();
        FoxgloveClient viewer = FoxgloveClient.connect(test).advertise(1, "greeting", "text");
        ContractClient own = subscriber("greeting");

        viewer.publish(1, "'hello'");

        assertThat(own.frame())
                .isEqualTo(
                        json(
                                "{'action':'publish','topic':'greeting','data':{'name':'greeting','type':'text','data':'hello'}}"));
    }
}
