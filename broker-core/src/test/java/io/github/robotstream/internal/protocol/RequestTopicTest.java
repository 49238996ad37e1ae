package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.robotstream.internal.json.Texts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTopicTest {
    private final RequestDecoder decoder = new RequestDecoder();

    @Test
    void takesTopicsOfUpTo200Bytes() throws RequestRejectedException {
        for (String topic : new String[] {"a", " ", "$x", "a/b//", "é".repeat(100), "x".repeat(200), "🤖".repeat(50)}) {
            assertThat(decode("publish", topic).topic()).isEqualTo(topic);
            assertThat(decode("subscribe", topic).topic()).isEqualTo(topic);
            assertThat(decode("unsubscribe", topic).topic()).isEqualTo(topic);
        }
        assertThat(decode("publish", "\\u0061".repeat(200)).topic()).isEqualTo("a".repeat(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\u0000", "a\\n", "\u007f", "\u0085"})
    void rejectsTopicsThatNobodyCanReadOrNobodyNamed(String topic) {
        assertBadTopic("publish", topic);
        assertBadTopic("subscribe", topic);
        assertBadTopic("unsubscribe", topic);
    }

    @Test
    void rejectsTopicsOfMoreThan200BytesAndDoesNotRepeatThem() {
        for (String topic : new String[] {
            "x".repeat(201), "é".repeat(100) + "x", "\\u0061".repeat(201), "y".repeat(1 << 20), "\\n".repeat(1 << 19)
        }) {
            RequestError error = assertBadTopic("subscribe", topic);
            assertThat(error.message())
                    .contains("longer than 200 bytes of UTF-8")
                    .hasSizeLessThan(100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"joints/+/angle", "joints/#", "#", "+"})
    void wildcardsAreForSubscriptionsOnly(String topic) throws RequestRejectedException {
        assertThat(decode("subscribe", topic).topic()).isEqualTo(topic);
        assertThat(decode("unsubscribe", topic).topic()).isEqualTo(topic);
        assertThat(assertBadTopic("publish", topic).message()).contains("\"" + topic + "\"");
    }

    private RequestError assertBadTopic(String action, String topic) {
        RequestError error = catchThrowableOfType(RequestRejectedException.class, () -> decode(action, topic))
                .error();
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_TOPIC);
        assertThat(error.topic()).isEmpty();
        assertThat(error.request()).map(Action::word).hasValue(action);
        return error;
    }

    private Request.OfTopic decode(String action, String topic) throws RequestRejectedException {
        byte[] frame = Texts.utf8("{\"action\":\"" + action + "\",\"topic\":\"" + topic
                + "\",\"data\":{\"name\":\"n\",\"type\":\"t\",\"data\":0}}");
        return (Request.OfTopic) decoder.decode(frame, 0, frame.length);
    }
}
