package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.robotstream.Payload;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.Texts;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.testing.Outbound;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {
    private static final String DATA =
            "{ \"unit\":\"V\", \"name\":\"bat\\u0074ery\",\"type\":\"fl\\u006fat\" , \"data\": 25.10 }";

    @Test
    void theEnvelopeIsTheDocumentedFrameAroundTheObjectAsItCame() throws RequestRejectedException {
        assertThat(deliver("battery_voltage", FrameStyle.ENVELOPE))
                .isEqualTo("{\"action\":\"publish\",\"topic\":\"battery_voltage\",\"data\":" + DATA + "}");
    }

    @Test
    void aFlatFrameNamesTheTopicAndCarriesTheValueAsItCame() throws RequestRejectedException {
        assertThat(deliver("battery_voltage", FrameStyle.FLAT))
                .isEqualTo("{\"name\":\"battery_voltage\",\"type\":\"fl\\u006fat\",\"data\":25.10}");
    }

    @Test
    void escapesTheTopic() throws Exception {
        for (FrameStyle style : FrameStyle.values()) {
            JsonScan scan = Texts.scan(deliver("\"é\\/🤖", style));
            int topic = scan.member(JsonScan.ROOT, style == FrameStyle.FLAT ? "name" : "topic");
            assertThat(scan.text(topic)).isEqualTo("\"é\\/🤖");
        }
    }

    @Test
    void nothingOfThePublishersRequestReachesOthers() throws RequestRejectedException {
        assertThat(deliver("t", FrameStyle.ENVELOPE)).doesNotContain("c7", "echo", "token");
    }

    @Test
    void messagesOfRobotCodeLookLikeThoseOfClients() throws RequestRejectedException {
        RawPayload payload = publish("{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}")
                .payload();
        TopicHead head = new TopicHead("battery_voltage");
        for (Envelope envelope : List.of(
                Envelope.of(head, payload),
                Envelope.ofValue(head, new PayloadHead("battery_voltage", "float"), "25.1"))) {
            assertThat(Outbound.text(envelope.message()))
                    .isEqualTo("{\"action\":\"publish\",\"topic\":\"battery_voltage\","
                            + "\"data\":{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}}");
            assertThat(Outbound.text(envelope.flat()))
                    .isEqualTo("{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}");
            assertThat(envelope.payload()).isEqualTo(Payload.of("battery_voltage", "float", "25.1"));
        }
    }

    @Test
    void aLargeValueIsWrittenAsASmallOneIsAndHasOneCopyForAllStyles() throws Exception {
        String value = "[\"" + "é".repeat(20_000) + "\"]";
        Envelope large = ofRobotCode("n", value);
        assertThat(Outbound.text(large.message()))
                .isEqualTo(
                        "{\"action\":\"publish\",\"topic\":\"a\",\"data\":{\"name\":\"n\",\"type\":\"ty\\tpe\",\"data\":"
                                + value + "}}");
        assertThat(Outbound.text(large.flat()))
                .isEqualTo("{\"name\":\"a\",\"type\":\"ty\\tpe\",\"data\":" + value + "}");
        assertThat(large.flat().body()).isSameAs(large.message().body());
        assertThat(large.payload()).isEqualTo(Payload.of("n", "ty\tpe", value));
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> ofRobotCode("n", value + ","));
    }

    @Test
    void aLargeValueOfAClientIsNotCopiedAndLooksAsItCame() throws Exception {
        String value = "[\"" + "é".repeat(20_000) + "\"]";
        String data = "{ \"unit\":\"V\", \"name\":\"n\",\"type\":\"fl\\u006fat\" , \"data\": " + value + " }";
        RawPayload payload = publish(data).payload();
        Envelope large = Envelope.of(new TopicHead("a"), payload);

        assertThat(large.message().body()).isSameAs(payload.json());
        assertThat(Outbound.text(large.message()))
                .isEqualTo("{\"action\":\"publish\",\"topic\":\"a\",\"data\":" + data + "}");
        assertThat(Outbound.text(large.message().withTail(1, new byte[] {'!'}))).endsWith(data + "!");
        assertThat(Outbound.text(large.flat()))
                .isEqualTo("{\"name\":\"a\",\"type\":\"fl\\u006fat\",\"data\":" + value + "}");
        assertThat(Outbound.text(large.value())).isEqualTo(value);
        assertThat(large.valueJson()).isEqualTo(value);
        assertThat(large.payload()).isEqualTo(Payload.of("n", "float", value));
        assertThat(large.typeUpTo(20)).contains("float");
        String documented = Outbound.text(large.documented());
        assertThat(documented.substring(large.dataStart(), documented.length() - 1))
                .isEqualTo(data);
    }

    @Test
    void bytesHaveOneCopyForAllWhateverFormTheyTakeAndIsToldBeside() {
        byte[] bytes = new byte[50_000];
        Envelope envelope = Envelope.ofBytes(new TopicHead("a"), new PayloadHead("n", "image/jpeg"), bytes, 50_000);
        DeliveryNote note = new DeliveryNote(Optional.of("view"), Optional.empty());
        assertThat(envelope.message().body()).isSameAs(bytes);
        assertThat(envelope.binary(note).body()).isSameAs(bytes);
        assertThat(envelope.text().body()).as("encoded when it is written").isSameAs(bytes);
        assertThat(envelope.flat().body()).isSameAs(bytes);
        assertThat(envelope.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void howLongItsFramesAreIsKnownBeforeTheyAreMade() {
        for (int length = 0; length < 10; length++) {
            Envelope envelope =
                    Envelope.ofBytes(new TopicHead("a"), new PayloadHead("n", "image/jpeg"), new byte[length], length);
            assertThat(envelope.frameBytes(true)).isEqualTo(envelope.message().length());
            assertThat(envelope.frameBytes(false))
                    .isBetween(envelope.text().length(), envelope.text().length() + 16);
        }
    }

    @Test
    void whatTheBrokerDeliversTheBrokerTakes() throws Exception {
        byte[] frame = Outbound.bytes(
                ofRobotCode("n", Texts.nested(JsonScan.MAX_DEPTH - 2, "")).message());
        RawPayload payload = ((Publish) new RequestDecoder().decode(frame, 0, frame.length)).payload();
        assertThat(Outbound.bytes(Envelope.of(new TopicHead("a"), payload).message()))
                .isEqualTo(frame);
    }

    @Test
    void aValueOfRobotCodeIsWrittenAsItIsAndItsNameEscaped() throws JsonException {
        Envelope envelope = ofRobotCode("a\"\\\u0001é🤖\u2028\u007f/", " [1.50,{\"data\":0}] ");
        assertThat(Outbound.text(envelope.message()))
                .endsWith(
                        "{\"name\":\"a\\\"\\\\\\u0001é🤖\\u2028\\u007f/\",\"type\":\"ty\\tpe\",\"data\": [1.50,{\"data\":0}] }}");
        assertThat(envelope.payload().name()).isEqualTo("a\"\\\u0001é🤖\u2028\u007f/");
        assertThat(envelope.payload().type()).isEqualTo("ty\tpe");
        assertThat(envelope.valueJson()).isEqualTo(" [1.50,{\"data\":0}] ");
    }

    @Test
    void readsBackEveryCharacterThatItWrites() throws JsonException {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 0x101) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        assertThat(ofRobotCode(all.toString(), "0").payload().name()).isEqualTo(all.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``          | at byte 0: the text ends where a value should stand; send the whole value
        [1,NaN]     | at byte 3: NaN is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null
        1 2         | at byte 2: found '2' after the end of the value; send one value and nothing after it
        1,"extra":2 | at byte 1: found ',' after the end of the value; send one value and nothing after it
        1}          | at byte 1: found '}' after the end of the value; send one value and nothing after it
        """)
    void refusesAValueOfRobotCodeThatIsNoJson(String json, String message) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> ofRobotCode("né", json))
                .withMessage(message);
    }

    @Test
    void refusesAValueThatNestsTooDeepForAFrame() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> ofRobotCode("n", Texts.nested(JsonScan.MAX_DEPTH - 1, "")));
    }

    private static Envelope ofRobotCode(String name, String json) throws JsonException {
        return Envelope.ofValue(new TopicHead("a"), new PayloadHead(name, "ty\tpe"), json, new JsonScan());
    }

    private static String deliver(String topic, FrameStyle style) throws RequestRejectedException {
        Envelope envelope = Envelope.of(new TopicHead(topic), publish(DATA).payload());
        return Outbound.text(style == FrameStyle.FLAT ? envelope.flat() : envelope.message());
    }

    private static Publish publish(String data) throws RequestRejectedException {
        byte[] frame =
                Texts.utf8("{\"action\":\"publish\",\"id\":\"c7\",\"echo\":true,\"token\":\"token\",\"topic\":\"x\","
                        + "\"data\":" + data + "}");
        return (Publish) new RequestDecoder().decode(frame, 0, frame.length);
    }
}
