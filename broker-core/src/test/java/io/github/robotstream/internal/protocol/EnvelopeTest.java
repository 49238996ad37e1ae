package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.FrameStyle;
import io.github.robotstream.Payload;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.Texts;
import io.github.robotstream.internal.protocol.Request.Publish;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    void messagesOfRobotCodeLookLikeThoseOfClients() throws JsonException {
        RawPayload payload = RawPayload.of("battery_voltage", "float", "25.1");
        TopicHead head = new TopicHead("battery_voltage");
        for (Envelope envelope : List.of(
                Envelope.of(head, payload),
                Envelope.ofValue(head, new PayloadHead("battery_voltage", "float"), "25.1"))) {
            assertThat(envelope.text())
                    .asString(UTF_8)
                    .isEqualTo("{\"action\":\"publish\",\"topic\":\"battery_voltage\","
                            + "\"data\":{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}}");
            assertThat(envelope.flat())
                    .asString(UTF_8)
                    .isEqualTo("{\"name\":\"battery_voltage\",\"type\":\"float\",\"data\":25.1}");
            assertThat(envelope.payload()).isEqualTo(Payload.of("battery_voltage", "float", "25.1"));
        }
    }

    @Test
    void whatTheBrokerDeliversTheBrokerTakes() throws Exception {
        RawPayload deepest = RawPayload.of("n", "t", Texts.nested(JsonScan.MAX_DEPTH - 2, ""));
        byte[] frame = Envelope.of(new TopicHead("a"), deepest).text();
        assertThat(((Publish) new RequestDecoder().decode(frame, 0, frame.length)).payload())
                .hasToString(deepest.toString());
    }

    private static String deliver(String topic, FrameStyle style) throws RequestRejectedException {
        byte[] frame =
                Texts.utf8("{\"action\":\"publish\",\"id\":\"c7\",\"echo\":true,\"token\":\"token\",\"topic\":\"x\","
                        + "\"data\":" + DATA + "}");
        Publish publish = (Publish) new RequestDecoder().decode(frame, 0, frame.length);
        Envelope envelope = Envelope.of(new TopicHead(topic), publish.payload());
        return new String(style == FrameStyle.FLAT ? envelope.flat() : envelope.text(), UTF_8);
    }
}
